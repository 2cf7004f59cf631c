import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gitIn, lineOf } from './git.ts'

/** Contents by path, relative and with `/`; `null` removes the file. */
export type Files = Readonly<Record<string, string | Buffer | null>>

export interface Repository {
  readonly path: string
  write(files: Files): Promise<void>
  /** Commits everything that is there: the commit's SHA. */
  commit(message: string, options?: { readonly date?: string }): Promise<string>
  /** Tags the commit that is checked out. */
  tag(name: string, options?: { readonly annotated?: boolean }): Promise<void>
  /** Checks out a branch (new ones by `-b`), a tag or a commit. */
  checkout(...what: readonly string[]): Promise<void>
  /** SHA of the commit that is checked out. */
  head(): Promise<string>
  /** A second checkout of the same history, in a new folder or that one. */
  clone(to?: string): Promise<Repository>
  remove(): Promise<void>
}

/**
 * A git repository in a temporary folder, on branch `main`; with files, these
 * are its first commit.
 */
export async function createRepository({
  files,
}: { readonly files?: Files } = {}): Promise<Repository> {
  const folder = await temporaryFolder()
  await gitIn(folder)(['init', '-q', '-b', 'main'])
  const repository = await repositoryAt(folder)
  if (files !== undefined) {
    await repository.write(files)
    await repository.commit('Begin')
  }
  return repository
}

async function repositoryAt(folder: string): Promise<Repository> {
  const git = gitIn(folder)
  await git(['config', 'user.name', 'Test'])
  await git(['config', 'user.email', 'test@example.com'])
  await git(['config', 'commit.gpgsign', 'false'])
  const head = async (): Promise<string> =>
    await lineOf(git(['rev-parse', 'HEAD']))
  return {
    path: folder,
    head,
    write: async (files) => {
      for (const [name, content] of Object.entries(files)) {
        const file = path.join(folder, name)
        if (content === null) {
          await rm(file, { recursive: true, force: true })
          continue
        }
        await mkdir(path.dirname(file), { recursive: true })
        await writeFile(file, content)
      }
    },
    commit: async (message, { date } = {}) => {
      await git(['add', '--all'])
      await git(['commit', '-q', '--allow-empty', '-m', message], {
        env:
          date === undefined
            ? {}
            : { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      })
      return await head()
    },
    tag: async (name, { annotated = false } = {}) => {
      await git(annotated ? ['tag', '-a', '-m', name, name] : ['tag', name])
    },
    checkout: async (...what) => {
      await git(['checkout', '-q', ...what])
    },
    clone: async (to) => {
      const target = to ?? (await temporaryFolder())
      await git(['clone', '-q', '--no-hardlinks', folder, target])
      return await repositoryAt(target)
    },
    remove: async () => {
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Without links in it: what git says of paths then equals what we say. */
async function temporaryFolder(): Promise<string> {
  return await realpath(await mkdtemp(path.join(tmpdir(), 'repository-')))
}

export interface ChartOptions {
  /** Default: `demo`. */
  readonly name?: string
  /** Default: `1.2.3`. */
  readonly version?: string
  readonly appVersion?: string
  /** Lines added to `Chart.yaml`. */
  readonly extra?: string
  /** Where the chart lies; default: a folder of its name. */
  readonly directory?: string
}

/** The files of a small chart that `helm lint` has nothing to say about. */
export function chartFiles(options: ChartOptions = {}): Record<string, string> {
  const { name = 'demo', version = '1.2.3', appVersion, extra = '' } = options
  const at = (file: string): string =>
    path.posix.join(options.directory ?? name, file)
  const lines = [
    'apiVersion: v2',
    `name: ${name}`,
    `version: ${version}`,
    ...(appVersion === undefined ? [] : [`appVersion: "${appVersion}"`]),
    'description: A chart to be released',
    'type: application',
    'icon: https://example.com/icon.svg',
  ]
  return {
    [at('Chart.yaml')]:
      `${lines.join('\n')}\n${extra === '' ? '' : `${extra.trimEnd()}\n`}`,
    [at('values.yaml')]: 'greeting: hello\n',
    [at('templates/configmap.yaml')]: `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  greeting: {{ .Values.greeting | quote }}
`,
  }
}
