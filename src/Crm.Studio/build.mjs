// Builds the Studio: node build.mjs packages | rules | site. Everything goes to artifacts/studio, complete or not at all,
// so that builds that run at once, and hosts that serve meanwhile, never see half of anything.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const here = import.meta.dirname;
const out = path.resolve(here, '../../artifacts/studio');
const mine = `.${process.pid}.unfinished`;
const started = new Date();

async function run(command, args, cwd = here) {
  // On Windows npm is a script.
  const [file, words] = process.platform === 'win32' && command === 'npm' ? ['cmd', ['/c', command, ...args]] : [command, args];
  await promisify(execFile)(file, words, { cwd, maxBuffer: 1 << 26 }).catch((error) => {
    throw new Failure(`${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message);
  });
}

/** What a tool said of why it failed. */
class Failure extends Error {}

const exists = (file) => lstat(file).then(() => true, () => false);

/** Marks what was built as no newer than the moment it was begun: what changed meanwhile is built again. */
async function stamp(name) {
  const file = path.join(out, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, '');
  await utimes(file, started, started);
}

/** Installs what the lock file names in a folder named after it, and points node_modules there. */
async function packages() {
  const lock = await readFile(path.join(here, 'package-lock.json'));
  const folder = path.join(out, 'packages', createHash('sha256').update(lock).digest('hex').slice(0, 16));
  const installed = () => exists(path.join(folder, 'node_modules', '.package-lock.json')); // npm's own last word; somebody may have emptied the folder
  if (!(await installed())) {
    await rm(folder, { recursive: true, force: true });
    const unfinished = folder + mine;
    try {
      await mkdir(unfinished, { recursive: true });
      for (const file of ['package.json', 'package-lock.json', '.npmrc']) await cp(path.join(here, file), path.join(unfinished, file));
      await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'], unfinished);
      await rename(unfinished, folder).catch(async (error) => {
        if (!(await installed())) throw error; // else another build was faster
      });
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }
  for (const parent of [here, out]) await point(path.join(parent, 'node_modules'), path.join(folder, 'node_modules'));
  await stamp('packages/.stamp');
}

async function point(link, target) {
  const next = link + mine;
  // Windows wants whole paths; elsewhere a checkout may be moved.
  await symlink(process.platform === 'win32' ? target : path.relative(path.dirname(link), target), next, 'junction');
  if ((await lstat(link).catch(() => undefined))?.isSymbolicLink() === false || process.platform === 'win32') await rm(link, { recursive: true, force: true });
  await rename(next, link).catch(async () => rm(next, { force: true }));
}

/** Compiles the rules alone, as modules for anything that runs JavaScript. */
async function rules() {
  await tsc('-p', 'tsconfig.rules.json');
  await writeFile(path.join(out, 'rules/package.json'), '{ "type": "module" }');
  await stamp('rules/.stamp');
}

const tsc = (...args) => run(process.execPath, [path.join(here, 'node_modules/typescript/bin/tsc'), ...args]);

/** Makes the types of the API from its description, checks all types, bundles, compresses. */
async function site(description) {
  const types = path.join(out, 'api/crm.d.ts');
  await mkdir(path.dirname(types), { recursive: true });
  await run(process.execPath, [path.join(here, 'node_modules/openapi-typescript/bin/cli.js'), description, '--output', types + mine, '--default-non-nullable', 'false']);
  await rename(types + mine, types);
  const { build } = await import('vite');
  const unfinished = path.join(out, 'site' + mine);
  try {
    const built = await Promise.allSettled([
      tsc('--noEmit', '-p', 'tsconfig.json'),
      build({ root: here, configFile: path.join(here, 'vite.config.mjs'), logLevel: 'warn', build: { outDir: unfinished, emptyOutDir: true } }),
    ]);
    for (const { reason } of built) if (reason) throw reason;
    await compress(unfinished);
    await replace(unfinished, path.join(out, 'site'));
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  await stamp('site/.stamp');
}

async function compress(folder) {
  const br = (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  const gz = (bytes) => promisify(gzip)(bytes, { level: 9 });
  // Pages get a nonce as they are served; fonts and images are compressed already.
  const files = (await filesOf(folder)).filter((file) => /\.(js|css|svg|json)$/.test(file));
  await Promise.all(files.flatMap((file) => [[br, '.br'], [gz, '.gz']].map(async ([how, ending]) =>
    writeFile(path.join(folder, file + ending), await how(await readFile(path.join(folder, file)))))));
}

/** Puts a new build in the place of the old one file by file, pages last: whoever reads meanwhile finds what the page they have names. */
async function replace(from, to) {
  const files = (await filesOf(from)).sort((a, b) => Number(a.endsWith('.html')) - Number(b.endsWith('.html')));
  for (const file of files) {
    await mkdir(path.join(to, path.dirname(file)), { recursive: true });
    await rename(path.join(from, file), path.join(to, file));
  }
  for (const file of await filesOf(to)) {
    // What another build of this hour put there may be what its page names.
    if (!files.includes(file) && (await stat(path.join(to, file))).mtimeMs < Date.now() - 3_600_000) await rm(path.join(to, file), { force: true });
  }
}

async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => path.relative(folder, path.join(e.parentPath, e.name)));
}

await { packages, rules, site }[process.argv[2]](process.argv[3]).catch((error) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
});
