import { AtlasError } from "../data/errors";
import { fileName, request } from "../data/requests";

/** Hears how many bytes came. */
export type Count = (bytes: number) => void;

const GZIP = [0x1f, 0x8b];

/** Read a whole file, piece by piece, telling of each; one packed by gzip is unpacked. */
export async function loaded(address: string, count: Count): Promise<ArrayBuffer> {
  const response = await request(window.fetch.bind(window), address, {});
  const reader = response.body?.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  try {
    while (reader) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      count(value.length);
    }
  } catch (error) {
    throw new AtlasError({ kind: "network", file: fileName(address) }, { cause: error });
  }
  const whole = new Blob(pieces);
  const start = new Uint8Array(await whole.slice(0, GZIP.length).arrayBuffer());
  // a host that says how it is packed has it unpacked by the browser
  if (!GZIP.every((byte, i) => byte === start[i])) return whole.arrayBuffer();
  return new Response(whole.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}
