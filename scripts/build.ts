/**
 * Bundles `src/index.ts` into `dist/`, which GitHub runs as it is committed.
 * With `--check`: builds elsewhere and fails when `dist/` is not the same.
 */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build, type Metafile } from 'esbuild'

const root = path.resolve(import.meta.dirname, '..')
const dist = path.join(root, 'dist')

if (process.argv.includes('--check')) await check()
else await bundle(dist)

async function bundle(folder: string): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['src/index.ts'],
    outfile: path.join(folder, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    metafile: true,
    logLevel: 'warning',
    legalComments: 'none',
    banner: {
      // Some dependencies are CommonJS and `require` Node's own modules.
      js: "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)",
    },
  })
  await writeFile(path.join(folder, 'licenses.txt'), await licenses(metafile))
  // Node must read index.js as a module wherever the action is unpacked.
  await writeFile(
    path.join(folder, 'package.json'),
    '{ "type": "module", "private": true }\n',
  )
}

/** The licence text of every package that is in the bundle. */
async function licenses(metafile: Metafile): Promise<string> {
  const folders = new Set<string>()
  for (const input of Object.keys(metafile.inputs)) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)
    if (found?.[1] !== undefined) folders.add(found[1])
  }
  const texts: string[] = []
  for (const folder of [...folders].sort()) {
    const manifest = JSON.parse(
      await readFile(path.join(root, folder, 'package.json'), 'utf8'),
    ) as { name: string; version: string; license?: string }
    const file = (await readdir(path.join(root, folder))).find((name) =>
      /^(licen[cs]e|copying)/i.test(name),
    )
    const text =
      file === undefined
        ? '(the package ships no licence file)'
        : await readFile(path.join(root, folder, file), 'utf8')
    texts.push(
      `${manifest.name} ${manifest.version} (${manifest.license ?? 'unknown'})\n\n${text.trim()}\n`,
    )
  }
  return texts.join(`\n${'-'.repeat(72)}\n\n`)
}

async function check(): Promise<void> {
  const fresh = await mkdtemp(path.join(tmpdir(), 'dist-'))
  try {
    await bundle(fresh)
    const [expected, found] = [await listing(fresh), await listing(dist)]
    const differing = [
      ...new Set([...expected.keys(), ...found.keys()]),
    ].filter((name) => expected.get(name) !== found.get(name))
    if (differing.length > 0) {
      console.error(
        `dist/ is not what the sources give: ${differing.join(', ')}. Run "npm run build" and commit dist/.`,
      )
      process.exitCode = 1
    }
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

async function listing(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const name of await readdir(folder).catch(() => []))
    files.set(name, await readFile(path.join(folder, name), 'latin1'))
  return files
}
