"use strict";
// The maps of an examination: one canvas, coloured by any column, with pictures on hover.
(() => {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const find = (name) => document.getElementById(`map-${name}`);
  const which = find("which"), colour = find("colour"), parts = find("parts");
  const sheet = find("canvas"), tip = find("tip"), legend = find("legend");
  const PALETTE = ["#0b5c8a", "#d95f02", "#00785a", "#a2478b", "#b8860b", "#4aa3df", "#7b3f00",
    "#c2185b", "#6a994e", "#5e35b1", "#e0a100", "#00838f", "#8d6e63", "#f4845f", "#455a64",
    "#9ccc65"];
  const REST = "#aab2b9", NONE = 65535, EDGE = 65000, MARGIN_PX = 14, NEAR_PX = 14, TIP_PX = 112;
  const words = (text) =>
    new Uint16Array(Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer);

  const maps = data.maps.map((one) => ({
    ...one, x: words(one.x), y: words(one.y), part: words(one.part),
  }));
  const columns = data.columns.map((one) => ({ ...one, codes: words(one.codes) }));
  const thumbs = new Image();
  thumbs.src = data.thumbs.src;
  let only = null;
  let placed = [];

  const option = (text, value) => {
    const made = document.createElement("option");
    made.textContent = text;
    made.value = value;
    return made;
  };
  maps.forEach((one, place) => which.append(option(one.title, place)));
  columns.forEach((one, place) => colour.append(option(one.name, place)));
  if (columns.length) colour.value = String(data.colour);
  data.parts.forEach((name, place) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    box.value = place;
    box.addEventListener("change", draw);
    label.append(box, ` ${name}${place ? " ◇" : " ●"}`);
    parts.append(label);
  });

  const ramp = (share) => `hsl(${250 - 200 * share} 75% ${34 + 22 * share}%)`;
  const paint = (column, code) => {
    if (code === NONE) return REST;
    if (column.values) return code < PALETTE.length ? PALETTE[code] : REST;
    return ramp(code / EDGE);
  };

  function draw() {
    const map = maps[which.value], column = columns[colour.value];
    const shown = new Set([...parts.querySelectorAll("input:checked")].map((one) => +one.value));
    const scale = window.devicePixelRatio || 1;
    const side = sheet.clientWidth;
    sheet.width = sheet.height = Math.round(side * scale);
    const pen = sheet.getContext("2d");
    pen.scale(scale, scale);
    const span = side - 2 * MARGIN_PX;
    const radius = Math.max(1.2, Math.min(4, 90 / Math.sqrt(data.names.length)));
    placed = [];
    for (const tests of [false, true]) {
      for (let row = 0; row < map.x.length; row += 1) {
        const part = map.part[row];
        if (map.x[row] === NONE || !shown.has(part) || (part > 0) !== tests) continue;
        const code = column ? column.codes[row] : NONE;
        const x = MARGIN_PX + (map.x[row] / EDGE) * span;
        const y = MARGIN_PX + (map.y[row] / EDGE) * span;
        pen.globalAlpha = only === null || only === code ? 0.8 : 0.07;
        pen.fillStyle = column ? paint(column, code) : PALETTE[0];
        pen.beginPath();
        if (tests) {
          const reach = radius * 1.5;
          pen.moveTo(x, y - reach);
          pen.lineTo(x + reach, y);
          pen.lineTo(x, y + reach);
          pen.lineTo(x - reach, y);
          pen.closePath();
        } else pen.arc(x, y, radius, 0, 2 * Math.PI);
        pen.fill();
        if (tests) {
          pen.strokeStyle = "#1d2327";
          pen.lineWidth = 0.8;
          pen.stroke();
        }
        placed.push([x, y, row]);
      }
    }
  }

  function explain() {
    legend.replaceChildren();
    const column = columns[colour.value];
    if (!column) return;
    if (!column.values) {
      [["lowest", column.low, 0], ["highest", column.high, 1]].forEach(([name, value, share]) => {
        const made = document.createElement("li");
        const dot = document.createElement("i");
        dot.style.background = ramp(share);
        made.append(dot, `${name}: ${value.toPrecision(4)}`);
        legend.append(made);
      });
      return;
    }
    column.values.forEach((name, code) => {
      const made = document.createElement("li");
      const button = document.createElement("button");
      const dot = document.createElement("i");
      dot.style.background = paint(column, code);
      button.type = "button";
      button.setAttribute("aria-pressed", "false");
      button.append(dot, `${name} (${column.counts[code].toLocaleString("en")})`);
      button.addEventListener("click", () => {
        only = only === code ? null : code;
        legend.querySelectorAll("button").forEach((one) =>
          one.setAttribute("aria-pressed", String(one === button && only !== null)));
        draw();
      });
      made.append(button);
      legend.append(made);
    });
  }

  function point(event) {
    const frame = sheet.getBoundingClientRect();
    const x = event.clientX - frame.left, y = event.clientY - frame.top;
    let nearest = null, least = NEAR_PX * NEAR_PX;
    for (const [across, down, row] of placed) {
      const far = (across - x) ** 2 + (down - y) ** 2;
      if (far < least) [nearest, least] = [row, far];
    }
    tip.hidden = nearest === null;
    if (nearest === null) return;
    const map = maps[which.value], column = columns[colour.value];
    const code = column ? column.codes[nearest] : NONE;
    const value = column && column.values && code !== NONE ? column.values[code] : "";
    const part = data.parts[map.part[nearest]];
    const [picture, text] = tip.children;
    text.textContent = [data.names[nearest], value, part].filter(Boolean).join(" · ");
    picture.hidden = nearest >= data.thumbs.n;
    if (!picture.hidden) {
      const { side, columns: wide } = data.thumbs;
      picture.width = picture.height = side;
      picture.getContext("2d").drawImage(thumbs, (nearest % wide) * side,
        Math.floor(nearest / wide) * side, side, side, 0, 0, side, side);
    }
    tip.style.left = `${Math.max(0, Math.min(x + 12, frame.width - TIP_PX - 24))}px`;
    tip.style.top = y > frame.height / 2 ? "" : `${y + 12}px`;
    tip.style.bottom = y > frame.height / 2 ? `${frame.height - y + 12}px` : "";
  }

  which.addEventListener("change", draw);
  colour.addEventListener("change", () => {
    only = null;
    explain();
    draw();
  });
  sheet.addEventListener("pointermove", point);
  sheet.addEventListener("pointerdown", point);
  sheet.addEventListener("pointerleave", () => { tip.hidden = true; });
  new ResizeObserver(draw).observe(sheet);
  explain();
  draw();
})();
