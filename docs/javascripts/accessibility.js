/* What the theme makes late, and a screen reader or keyboard needs otherwise. */
document$.subscribe(() => {
  // a table that is wider than the page scrolls; by keyboard, too
  for (const wrap of document.querySelectorAll(".md-typeset__scrollwrap")) wrap.tabIndex = 0;
  // each block's buttons are a landmark, and landmarks have names of their own
  document
    .querySelectorAll(".md-code__nav")
    .forEach((nav, n) => nav.setAttribute("aria-label", `Block ${n + 1}`));
});
