/** A viewer shows no more canvases with ease; the first of more are exported. */
export const MOST_CANVASES = 2000;
