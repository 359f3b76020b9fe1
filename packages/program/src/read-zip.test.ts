import { expect, test } from "vitest";
import { type RawMember, rawZip } from "./raw-zip.fixture.ts";
import { readZip } from "./read-zip.ts";
import { writeZip } from "./write-zip.ts";

const text = (value: string) => new TextEncoder().encode(value);
const hello: RawMember = { name: "a.txt", data: text("hello") };
const wanted = new Map([["a.txt", 1024 ** 2]]);

test("a member is read, stored or deflated", async () => {
  for (const deflate of [false, true]) {
    const members = await readZip(rawZip([{ ...hello, deflate }]), wanted);
    expect(members).toEqual(new Map([["a.txt", hello.data]]));
  }
});

test("an archive that Python's zipfile streamed, with data descriptors, is read", async () => {
  // ZipFile(unseekable, "w", ZIP_DEFLATED).writestr("a.txt", "hello hello hello")
  const archive = Buffer.from(
    "UEsDBBQACAAIAAAAIQAAAAAAAAAAAAAAAAAFAAAAYS50eHTLSM3JyVfIQJAAUEsHCICI+eUKAAAAEQAAAFBLAQIUAx" +
      "QACAAIAAAAIQCAiPnlCgAAABEAAAAFAAAAAAAAAAAAAACAAQAAAABhLnR4dFBLBQYAAAAAAQABADMAAAA9AAAAAAA=",
    "base64",
  );
  expect(await readZip(archive, wanted)).toEqual(new Map([["a.txt", text("hello hello hello")]]));
});

test("members that are not wanted are passed over", async () => {
  const archive = rawZip([hello, { name: "b/c.bin", data: text("x") }]);
  expect([...(await readZip(archive, wanted)).keys()]).toEqual(["a.txt"]);
});

test.each<[string, RawMember]>([
  ["a path that leaves its folder", { ...hello, name: "../a.txt" }],
  ["one that leaves it later", { ...hello, name: "b/../../a.txt" }],
  ["an absolute path", { ...hello, name: "/etc/passwd" }],
  ["a drive", { ...hello, name: "C:/a.txt" }],
  ["backslashes", { ...hello, name: "b\\a.txt" }],
  ["backslashes that leave", { ...hello, name: "..\\a.txt" }],
  ["an empty name", { ...hello, name: "" }],
  ["a NUL", { ...hello, name: "a.txt\0.png" }],
  ["a line feed", { ...hello, name: "a\n.txt", flags: 0x800 }],
  ["a symbolic link", { ...hello, name: "b", mode: 0o120777 }],
  ["a device", { ...hello, name: "b", mode: 0o020666 }],
  ["a pipe", { ...hello, name: "b", mode: 0o010666 }],
  ["encryption", { ...hello, name: "b", flags: 1 }],
])("%s in any member is refused as unsafe", async (_, member) => {
  await expect(readZip(rawZip([hello, member]), wanted)).rejects.toMatchObject({
    code: "FUZZ_PROGRAM_UNSAFE",
  });
});

test.each(["a.txt", "A.TXT"])("%s beside a.txt is refused", async (name) => {
  await expect(readZip(rawZip([hello, { ...hello, name }]), wanted)).rejects.toMatchObject({
    code: "FUZZ_PROGRAM_UNSAFE",
  });
});

test.each<[string, RawMember[]]>([
  ["another checksum", [{ ...hello, crc: 1 }]],
  ["a longer size than there is", [{ ...hello, claimedSize: 500 }]],
  ["a shorter size than there is", [{ ...hello, deflate: true, claimedSize: 2 }]],
  ["another name in the local header", [{ ...hello, localName: "b.txt" }]],
  ["no local header", [{ ...hello, offset: 3 }]],
  ["an offset beyond the end", [{ ...hello, offset: 100_000 }]],
  ["deflated data that aren't", [{ ...hello, data: text("x") }]],
])("a member with %s is refused", async (what, members) => {
  const archive = rawZip(members);
  if (what === "deflated data that aren't") {
    const at = Buffer.from(archive);
    at.writeUInt16LE(8, 8);
    at.writeUInt16LE(8, at.indexOf("PK\x01\x02") + 10);
    archive.set(at);
  }
  await expect(readZip(archive, wanted)).rejects.toMatchObject({ code: /FUZZ_PROGRAM_/ });
});

test("two members over the same bytes are refused", async () => {
  const archive = rawZip([hello, { ...hello, name: "b.txt", offset: 0, localName: "b.txt" }]);
  const both = new Map([...wanted, ["b.txt", 100]]);
  await expect(readZip(archive, both)).rejects.toMatchObject({ code: /FUZZ_PROGRAM_/ });
});

test("a bomb is refused by the size it claims", async () => {
  const zeros = new Uint8Array(2 * 1024 ** 2);
  const archive = rawZip([{ ...hello, data: zeros, deflate: true }]);
  expect(archive.length).toBeLessThan(3000);
  await expect(readZip(archive, wanted)).rejects.toMatchObject({ code: "FUZZ_PROGRAM_LIMIT" });
});

test("a bomb that claims less is stopped while it expands", async () => {
  const zeros = new Uint8Array(64 * 1024 ** 2);
  const archive = rawZip([{ ...hello, data: zeros, deflate: true, claimedSize: 1000 }]);
  await expect(readZip(archive, wanted)).rejects.toMatchObject({ code: "FUZZ_PROGRAM_INVALID" });
});

test("members that expand beyond the limit together are refused, wanted or not", async () => {
  const members = Array.from({ length: 3 }, (_, i) => ({
    ...hello,
    name: `b${i}`,
    claimedSize: 200 * 1024 ** 2,
  }));
  await expect(readZip(rawZip(members), wanted)).rejects.toMatchObject({
    code: "FUZZ_PROGRAM_LIMIT",
    message: /expanded/,
  });
});

test("256 members are read, 257 are refused", async () => {
  const members = Array.from({ length: 257 }, (_, i) => ({ ...hello, name: `m${i}` }));
  expect((await readZip(rawZip(members.slice(1)), wanted)).size).toBe(0);
  await expect(readZip(rawZip(members), wanted)).rejects.toMatchObject({
    code: "FUZZ_PROGRAM_LIMIT",
  });
});

test("data before or after the archive are refused", async () => {
  const archive = rawZip([hello]);
  for (const parts of [
    [text("#!/bin/sh\n"), archive],
    [archive, text("more")],
    [archive, archive],
  ]) {
    await expect(readZip(new Uint8Array(Buffer.concat(parts)), wanted)).rejects.toMatchObject({
      code: "FUZZ_PROGRAM_INVALID",
    });
  }
});

test("an archive cut anywhere is refused", async () => {
  const archive = rawZip([hello]);
  for (let length = 0; length < archive.length; length++) {
    await expect(readZip(archive.subarray(0, length), wanted)).rejects.toMatchObject({
      code: "FUZZ_PROGRAM_INVALID",
    });
  }
});

test("what is written is read, and is the same at any time", async () => {
  const members = [
    { name: "a.txt", bytes: text("first") },
    { name: "empty", bytes: new Uint8Array(0) },
  ];
  const archive = await writeZip(members);
  expect(await writeZip(members)).toEqual(archive);
  const read = await readZip(archive, new Map([...wanted, ["empty", 0]]));
  expect([...read]).toEqual(members.map(({ name, bytes }) => [name, bytes]));
});
