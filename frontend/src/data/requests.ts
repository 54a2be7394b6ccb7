import { AtlasError } from "./errors";

/** The part of `window.fetch` that is used here. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** The last part of an address, for messages. */
export function fileName(url: string): string {
  return decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? url);
}

/** What to say of a file that has fewer bytes than it should. */
export function endsTooEarly(url: string): AtlasError {
  return new AtlasError({ kind: "broken", file: fileName(url), what: "it ends too early" });
}

/** Fetch `url` and return a response whose status is below 400, or throw an AtlasError. */
export async function request(fetch: Fetch, url: string, init?: RequestInit): Promise<Response> {
  const file = fileName(url);
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (init?.signal?.aborted) throw error;
    throw new AtlasError({ kind: "network", file }, { cause: error });
  }
  if (response.status === 404 || response.status === 410)
    throw new AtlasError({ kind: "missing", file });
  if (response.status === 416) throw endsTooEarly(url);
  if (!response.ok) throw new AtlasError({ kind: "refused", file, status: response.status });
  return response;
}

/** Fetch a JSON file; what it holds is for the caller to check. */
export async function requestJson(fetch: Fetch, url: string, init?: RequestInit): Promise<unknown> {
  const response = await request(fetch, url, init);
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    throw new AtlasError({ kind: "network", file: fileName(url) }, { cause: error });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new AtlasError(
      { kind: "broken", file: fileName(url), what: "it is not JSON" },
      { cause: error },
    );
  }
}
