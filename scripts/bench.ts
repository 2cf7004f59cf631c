/**
 * Measures what the landing page adds to a run: it is made from the same index
 * that `helm repo index --merge` then merges a package into, in turn, and the
 * ratio of the two is told. `npm run bench`, or with an `index.yaml` of your own
 * as argument.
 */
import { execFileSync } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { emptyMemory } from '../src/site/memory.ts'
import { renderSite } from '../src/site/site.ts'
import { helmBinary } from '../testing/helm.ts'
import { writeIndex } from '../testing/landing-page.ts'
import { chartFiles, createRepository } from '../testing/repository.ts'

const ROUNDS = 5
const CHARTS = 41
const VERSIONS = 3600

const given = process.argv[2]
const index =
  given === undefined ? manyVersions() : await readFile(given, 'utf8')
const folder = await mkdtemp(path.join(tmpdir(), 'bench-'))
const helm = await helmBinary(4)
const before = path.join(folder, 'before.yaml')
await writeFile(before, index)
const repository = await createRepository({ files: chartFiles() })
execFileSync(
  helm,
  ['package', path.join(repository.path, 'demo'), '-d', folder],
  { stdio: 'ignore' },
)

const times = { page: [] as number[], helm: [] as number[] }
let pages: ReadonlyMap<string, Uint8Array> = new Map()
for (let round = 0; round < ROUNDS; round += 1) {
  times.page.push(
    await measure(async () => {
      const text = await readFile(before, 'utf8')
      pages = renderSite(text, {
        facts: {
          owner: 'example',
          repositoryName: 'charts',
          repositoryUrl: 'https://github.com/example/charts',
          baseUrl: 'https://example.github.io/charts',
        },
        memory: emptyMemory,
        released: [],
      })
    }),
  )
  await copyFile(before, path.join(folder, 'index.yaml'))
  times.helm.push(
    await measure(async () => {
      execFileSync(helm, ['repo', 'index', folder, '--merge', before])
    }),
  )
}
const [page, merge] = [median(times.page), median(times.helm)]
const largest = Math.max(
  ...Array.from(pages, ([name, bytes]) =>
    name.endsWith('.html') ? bytes.length : 0,
  ),
)
console.log(
  `index.yaml of ${(index.length / 1e6).toFixed(1)} MB: ${pages.size - 1} pages, the largest of ${(largest / 1000).toFixed(0)} KB`,
)
console.log(`landing page            ${page.toFixed(0).padStart(6)} ms`)
console.log(`helm repo index --merge ${merge.toFixed(0).padStart(6)} ms`)
console.log(`ratio                   ${(page / merge).toFixed(2).padStart(6)}`)
await rm(folder, { recursive: true })
await repository.remove()
if (page >= merge) process.exitCode = 1

async function measure(act: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await act()
  return performance.now() - start
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** As large as the largest repositories are. */
function manyVersions(): string {
  const each = Math.ceil(VERSIONS / CHARTS)
  return writeIndex(
    Object.fromEntries(
      Array.from({ length: CHARTS }, (_, chart) => {
        const name = `chart-${String(chart).padStart(2, '0')}`
        return [
          name,
          Array.from({ length: each }, (__, at) => {
            const version = `${1 + Math.floor((each - at) / 30)}.${(each - at) % 30}.0`
            return {
              apiVersion: 'v2',
              name,
              version,
              appVersion: `v${version}`,
              kubeVersion: '>=1.25.0-0',
              description: `A chart among ${CHARTS}, the one with the number ${chart}`,
              home: 'https://example.com/',
              icon: 'https://example.com/icon.svg',
              keywords: ['one', 'of', 'many'],
              maintainers: [{ name: 'Ada', email: 'ada@example.com' }],
              sources: ['https://github.com/example/charts'],
              dependencies: [
                {
                  name: 'common',
                  repository: 'https://example.com/charts',
                  version: '1.x',
                },
              ],
              created: '2026-01-02T03:04:05Z',
              digest: Buffer.from(`${name} ${version}`.padEnd(32, '.'))
                .toString('hex')
                .slice(0, 64),
              urls: [
                `https://github.com/example/charts/releases/download/${name}-${version}/${name}-${version}.tgz`,
              ],
            }
          }),
        ]
      }),
    ),
  )
}
