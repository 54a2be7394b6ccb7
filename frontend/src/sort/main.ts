import "../ui/theme.css";
import "../ui/tools.css";
import "./sort.css";
import "./label/label.css";
import "./grid/grid.css";

import { Server, ServerError, type Problem } from "../data/server";
import { button, el } from "../ui/dom";
import { Api, tasksOf } from "./api";
import { parsePlace } from "./place";
import { Shell } from "./shell";
import { texts } from "./texts";
import { askWho, knownWho } from "./who";

async function start(root: HTMLElement): Promise<void> {
  root.replaceChildren(el("p", { class: "opening", role: "status" }, texts.loading));
  const place = parsePlace(window.location.search);
  const server = Server.ofPage("wk curate");
  try {
    const tasks = await tasksOf(server);
    const task = tasks.tasks.find(({ name }) => name === place.task) ?? tasks.tasks[0];
    if (!task) {
      fail(root, { title: texts.noTask, detail: texts.noTaskHint, status: 0 });
      return;
    }
    document.title = `${task.name} · ${tasks.title || texts.title}`;
    const who = await whoSits(tasks.who);
    const api = new Api(server, task.name);
    const state = await api.state();
    await new Shell(root, api, { tasks, who, state }, { ...place, task: task.name }).start();
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    fail(root, error.problem);
  }
}

/** Return who sits here; asked until there is a name. */
async function whoSits(proposed: string): Promise<string> {
  let who = knownWho(window.localStorage);
  while (!who) who = await askWho(window.localStorage, proposed);
  return who;
}

function fail(root: HTMLElement, { title, detail }: Problem): void {
  const again = button({ class: "plain" }, () => void start(root), texts.again);
  root.replaceChildren(
    el(
      "div",
      { class: "opening", role: "alert" },
      el("div", {}, el("p", {}, title), el("p", {}, detail), again),
    ),
  );
}

void start(document.getElementById("page") ?? document.body);
