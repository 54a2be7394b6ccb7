import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A real HTTP server on loopback that holds a few files, for tests. */
export interface Host {
  /** Address of the folder, with a slash at its end. */
  readonly url: string;
  /** What was asked for so far, such as `points.bin bytes=0-9`. */
  readonly asked: string[];
  close(): Promise<void>;
}

export interface HostOptions {
  /** False: the server sends every file whole, as some simple ones do. */
  ranges?: boolean;
  /** Answers 503 to this many requests before it works. */
  failures?: number;
}

type Files = Record<string, Uint8Array | string>;

/** Start a host of files by name. */
export async function startHost(files: Files, options: HostOptions = {}): Promise<Host> {
  const asked: string[] = [];
  let failures = options.failures ?? 0;
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? "/").slice(1));
    asked.push([name, request.headers.range].filter(Boolean).join(" "));
    if (failures-- > 0) response.writeHead(503).end();
    else answer(request, response, files[name], options.ranges ?? true);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => {
        resolve();
      });
    });
  return { url: `http://127.0.0.1:${port}/`, asked, close };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  file: Uint8Array | string | undefined,
  ranges: boolean,
): void {
  if (file === undefined) {
    response.writeHead(404).end();
    return;
  }
  const bytes = Buffer.from(file);
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "");
  if (!range || !ranges) {
    response.writeHead(200, { "content-length": bytes.length }).end(bytes);
    return;
  }
  const part = bytes.subarray(Number(range[1]), Number(range[2]) + 1);
  response.writeHead(part.length ? 206 : 416).end(part);
}
