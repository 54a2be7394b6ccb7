/** No archive of the plain kind holds more bytes, nor one file in it. */
export const MOST_BYTES = 2 ** 32 - 2 ** 20;

/** Sizes of what stands before a file, in the list of files, and at the end. */
const [LOCAL, CENTRAL, END] = [30, 46, 22];

/** Names are UTF-8. */
const FLAGS = 0x0800;

/** The remainders of each byte (PKZIP application note, CRC-32). */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++)
    remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

/** One file of an archive, as it grows. */
export class ZipEntry {
  readonly name: Uint8Array<ArrayBuffer>;
  readonly #parts: Blob[] = [];
  #crc = 0xffffffff;
  #size = 0;

  constructor(name: string) {
    this.name = new TextEncoder().encode(name);
  }

  /** Add a text, as UTF-8. */
  add(text: string): this {
    const bytes = new TextEncoder().encode(text);
    let crc = this.#crc;
    for (const byte of bytes) crc = (REMAINDERS[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
    this.#crc = crc >>> 0;
    this.#size += bytes.length;
    this.#parts.push(new Blob([bytes]));
    return this;
  }

  get size(): number {
    return this.#size;
  }

  get crc(): number {
    return (this.#crc ^ 0xffffffff) >>> 0;
  }

  get parts(): readonly Blob[] {
    return this.#parts;
  }
}

/** Return an archive of files as they are, not compressed; `now` is when they were made. */
export function zipOf(entries: readonly ZipEntry[], now: Date): Blob {
  const parts: (Blob | Uint8Array<ArrayBuffer>)[] = [];
  const listed: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for (const entry of entries) {
    const head = headOf(entry, now);
    parts.push(header(0x04034b50, LOCAL, head), entry.name, ...entry.parts);
    const line = new DataView(new ArrayBuffer(CENTRAL));
    line.setUint32(0, 0x02014b50, true);
    line.setUint16(4, 20, true);
    new Uint8Array(line.buffer).set(head, 6);
    line.setUint32(42, at, true);
    listed.push(new Uint8Array(line.buffer), entry.name);
    at += LOCAL + entry.name.length + entry.size;
  }
  const size = listed.reduce((sum, one) => sum + one.length, 0);
  return new Blob([...parts, ...listed, endOf(entries.length, size, at)], {
    type: "application/zip",
  });
}

/** What the head of a file and its line in the list have in common: 26 bytes. */
function headOf({ name, size, crc }: ZipEntry, now: Date): Uint8Array<ArrayBuffer> {
  const head = new DataView(new ArrayBuffer(26));
  const [date, time] = dosTime(now);
  head.setUint16(0, 20, true);
  head.setUint16(2, FLAGS, true);
  head.setUint16(6, time, true);
  head.setUint16(8, date, true);
  head.setUint32(10, crc, true);
  head.setUint32(14, size, true);
  head.setUint32(18, size, true);
  head.setUint16(22, name.length, true);
  return new Uint8Array(head.buffer);
}

function header(signature: number, size: number, head: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  new DataView(bytes.buffer).setUint32(0, signature, true);
  bytes.set(head, 4);
  return bytes;
}

function endOf(n: number, size: number, at: number): Uint8Array<ArrayBuffer> {
  const end = new DataView(new ArrayBuffer(END));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, n, true);
  end.setUint16(10, n, true);
  end.setUint32(12, size, true);
  end.setUint32(16, at, true);
  return new Uint8Array(end.buffer);
}

/** A date and a time of day as archives write them: from 1980, to two seconds. */
function dosTime(now: Date): [date: number, time: number] {
  const year = Math.max(now.getFullYear() - 1980, 0);
  return [
    (year << 9) | ((now.getMonth() + 1) << 5) | now.getDate(),
    (now.getHours() << 11) | (now.getMinutes() << 5) | (now.getSeconds() >> 1),
  ];
}
