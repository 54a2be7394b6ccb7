import "../ui/theme.css";
import "../ui/tools.css";
import "./review.css";
import "./list.css";
import "./editor.css";
import "./dial.css";
import "./labels.css";

import { Server, ServerError } from "../data/server";
import { button, el } from "../ui/dom";
import { Api } from "./api";
import { chosenLabels, parsePlace } from "./place";
import { Review } from "./review";
import { texts } from "./texts";

async function start(root: HTMLElement): Promise<void> {
  root.replaceChildren(el("p", { class: "opening", role: "status" }, texts.loading));
  const place = parsePlace(window.location.search);
  const server = new Api(place.tool, Server.ofPage("wk review"), null, place.who);
  document.title = texts.titles[place.tool];
  try {
    const told = await server.session();
    const session = place.who ? { ...told, who: place.who } : told;
    const suspicions = place.tool === "labels" ? (await server.examination()).suspicions : [];
    const labels = chosenLabels(suspicions, place.labels) ?? null;
    const api = labels ? server.about(labels) : server;
    const subject = { session, tool: place.tool, order: place.order, suspicions, labels };
    await new Review(root, api, subject).start(place.id);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    const { title, detail } = error.problem;
    const again = button({ class: "plain" }, () => void start(root), "Try again");
    root.replaceChildren(
      el(
        "div",
        { class: "opening", role: "alert" },
        el("div", {}, el("p", {}, title), el("p", {}, detail), again),
      ),
    );
  }
}

void start(document.getElementById("page") ?? document.body);
