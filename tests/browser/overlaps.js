() => {
  const problems = [], [width, height] = [innerWidth, innerHeight];
  if (document.documentElement.scrollWidth > width) problems.push("the page is too wide");
  const over = ".panel, .pane, dialog, .welcome, .select-bar, .suggestions, .notice";
  const clips = (box) => /auto|scroll|hidden/.test(getComputedStyle(box).overflowY);
  const modal = document.querySelector("dialog[open]");
  for (const one of (modal ?? document).querySelectorAll("button, a[href], input, select, summary")) {
    const box = one.getBoundingClientRect();
    const name = `${one.className} ${one.ariaLabel ?? one.textContent}`.trim().slice(0, 60);
    if (!box.width || !one.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    if (one.closest(".unseen, .leaflet-container") || one.disabled) continue;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    let hidden = false, scrolled = false;
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) {
      if (!clips(up)) continue;
      const seen = up.getBoundingClientRect();
      scrolled ||= up.scrollHeight > up.clientHeight || up.scrollWidth > up.clientWidth;
      if (y < seen.top || y > seen.bottom || x < seen.left || x > seen.right) hidden = true;
    }
    if (hidden) continue;
    if (box.left < -0.5 || box.right > width + 0.5) problems.push(`${name} sticks out sideways`);
    if (!scrolled && (box.top < -0.5 || box.bottom > height + 0.5)) problems.push(`${name} sticks out`);
    const hit = document.elementFromPoint(x, y);
    if (!hit || one.contains(hit) || hit.contains(one) || one.labels?.[0]?.contains(hit)) continue;
    const cover = hit.closest(over);
    const whole = cover?.getBoundingClientRect();
    const covered = cover && !cover.contains(one) && whole.top <= box.top + 1
      && whole.bottom >= box.bottom - 1 && whole.left <= box.left + 1 && whole.right >= box.right - 1;
    const steps = document.querySelector(".tools");
    if (!covered && !(steps?.contains(hit) && !steps.contains(one) && cover === null))
      problems.push(`${name} lies under ${hit.tagName} ${hit.className}`);
  }
  return problems;
}
