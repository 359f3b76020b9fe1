import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const repository = fileURLToPath(new URL("..", import.meta.url));

/**
 * Serves this repository's packages, packed as they are published, and what they depend on as it is installed here: so
 * `npm install fuzzc` is the real thing, without the network. `folder` takes the packed packages.
 */
export async function startLocalRegistry(folder: string) {
  const pack = ["pack", "--workspaces", "--pack-destination", folder, "--loglevel", "error"];
  await promisify(execFile)("npm", pack, { cwd: repository });
  const places = await listPlaces();
  const find = (name: string) =>
    places.map((place) => join(place, name)).find((path) => existsSync(join(path, "package.json")));
  const server = createServer(async ({ url = "" }, response) => {
    const path = decodeURIComponent(url).slice(1);
    const name = path.replace(/\.tgz$/, "");
    const found = find(name);
    if (found === undefined) {
      response.writeHead(404).end("{}");
      return;
    }
    const manifest = JSON.parse(await readFile(join(found, "package.json"), "utf8"));
    if (path !== name) {
      const packed = join(folder, `${name.replace(/^@(.*)\//, "$1-")}-${manifest.version}.tgz`);
      await sendPackage(existsSync(packed) ? packed : found, response);
      return;
    }
    // A package for another platform isn't here; that it is optional does not help `npm ci`.
    const optional = Object.entries(manifest.optionalDependencies ?? {});
    manifest.optionalDependencies = Object.fromEntries(optional.filter(([key]) => find(key)));
    manifest.dist = { tarball: `${addressOf(server)}${encodeURIComponent(name)}.tgz` };
    const { version } = manifest;
    const versions = { [version]: manifest };
    response.end(JSON.stringify({ name, "dist-tags": { latest: version }, versions }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { address: addressOf(server), close: () => server.close() };
}

/** Where npm has put packages: the repository's node_modules, and those of its packages. */
async function listPlaces(): Promise<string[]> {
  const packages = await readdir(join(repository, "packages"));
  const owners = [".", ...packages.map((name) => join("packages", name))];
  return owners.map((owner) => join(repository, owner, "node_modules"));
}

/** npm takes a plain tar as well; packing the engine tightly would take seconds. */
async function sendPackage(path: string, response: ServerResponse): Promise<void> {
  if (path.endsWith(".tgz")) {
    response.end(await readFile(path));
  } else {
    const tar = spawn("tar", ["-c", "-C", path, "--exclude", "node_modules", "."]);
    tar.stdout.pipe(response);
  }
}

function addressOf(server: ReturnType<typeof createServer>): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
