import { ask } from "../../ui/dialogs";
import { texts } from "./texts";
import type { SortMedium } from "../schema";
import type { Around } from "../view";

/** Media that one request for a queue may ask for. */
const PER_PAGE = 500;

/** Label all of kind C as the ensemble proposes, if the person at the page says yes. */
export async function acceptProposals(around: Around): Promise<void> {
  const { queues } = texts;
  await around.attempt(async () => {
    const media = await allOf(around);
    const said = media.flatMap((medium) =>
      medium.proposed === null ? [] : [{ medium, value: medium.proposed }],
    );
    if (!said.length) return;
    const counts = new Map<string, number>();
    for (const { value } of said) counts.set(value, (counts.get(value) ?? 0) + 1);
    const hint = queues.acceptHint([...counts]);
    const answer = await ask(queues.acceptTitle(said.length), hint, [
      ["no", queues.cancel],
      ["yes", queues.acceptYes(said.length)],
    ]);
    if (answer !== "yes") return;
    around.answers.sayEach(said, "rounds");
    around.tell(queues.accepted(said.length));
  });
}

async function allOf(around: Around): Promise<SortMedium[]> {
  const found: SortMedium[] = [];
  const { api, who } = around;
  for (;;) {
    const asked = { name: "C", who, offset: found.length, limit: PER_PAGE } as const;
    const { media, n } = await api.queue(asked);
    found.push(...media);
    if (!media.length || found.length >= n) return found;
  }
}
