import { crc32, deflateRawSync } from "node:zlib";

/** A member of a ZIP, any field of which may lie. */
export interface RawMember {
  name: string;
  data: Uint8Array;
  deflate?: boolean;
  /** Claimed size when expanded. */
  claimedSize?: number;
  crc?: number;
  flags?: number;
  /** Unix mode with file type, in the upper half of the external attributes. */
  mode?: number;
  /** Name in the local header, where it differs. */
  localName?: string;
  /** Offset of the local header, where it is not the true one. */
  offset?: number;
}

/** Writes a ZIP byte by byte, so that tests can write what no library would. */
export function rawZip(members: readonly RawMember[]): Uint8Array {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let position = 0;
  for (const member of members) {
    const { name, data, deflate = false, flags = 0, mode = 0o100644 } = member;
    const stored = deflate ? deflateRawSync(data) : Buffer.from(data);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(deflate ? 8 : 0, 4);
    common.writeUInt32LE(0x00210000, 6);
    common.writeUInt32LE(member.crc ?? crc32(data), 10);
    common.writeUInt32LE(stored.length, 14);
    common.writeUInt32LE(member.claimedSize ?? data.length, 18);
    const localName = Buffer.from(member.localName ?? name);
    common.writeUInt16LE(localName.length, 22);
    locals.push(Buffer.from("PK\x03\x04"), Buffer.from(common), localName, stored);

    const fileName = Buffer.from(name);
    common.writeUInt16LE(fileName.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(member.offset ?? position, 10);
    const madeBy = Buffer.from([20, 3]);
    directory.push(Buffer.from("PK\x01\x02"), madeBy, common, rest, fileName);
    position += 30 + localName.length + stored.length;
  }
  const directoryBytes = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(members.length & 0xffff, 8);
  end.writeUInt16LE(members.length & 0xffff, 10);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(position, 16);
  return new Uint8Array(Buffer.concat([...locals, directoryBytes, end]));
}
