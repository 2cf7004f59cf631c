import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'

const root = path.resolve(import.meta.dirname, '..')
const bundle = path.join(root, 'dist', 'index.js')

export interface ActionRun {
  /** The step's `with:`; what is left out gets the default of `action.yml`. */
  readonly inputs?: Readonly<Record<string, string>>
  /** The checkout. */
  readonly workspace: string
  /** `GITHUB_*` and whatever else the job sets; over a runner's usual ones. */
  readonly environment: Readonly<Record<string, string>>
  /** Put first on `PATH`, e.g. a folder with a `helm`. */
  readonly paths?: readonly string[]
  /** What `${{ … }}` in a default stands for. */
  readonly expressions?: Readonly<Record<string, string>>
  /** Makes every pause of the program shorter, so many times. */
  readonly hurry?: number
  /** Makes every time-out of the program shorter, so many times. */
  readonly impatience?: number
  /** Gets every chunk of the log as it comes. */
  readonly onOutput?: (chunk: string) => void
  /** Gets the number of the process, which then leads a group of its own. */
  readonly onStart?: (pid: number) => void
}

/** A workflow command of the log, e.g. `::error title=…,file=…::message`. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly message: string
  readonly properties: Readonly<Record<string, string>>
}

export interface ActionResult {
  readonly exitCode: number | null
  /** Standard output and error, as they came. */
  readonly log: string
  readonly annotations: readonly Annotation[]
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  /** The runner's temporary folder, until `remove()`. */
  readonly temp: string
  remove(): Promise<void>
}

/**
 * Runs the committed bundle as GitHub's runner does: a child process that gets
 * its inputs as `INPUT_*` and answers through files.
 */
export async function runAction(run: ActionRun): Promise<ActionResult> {
  const temp = await mkdtemp(path.join(tmpdir(), 'runner-'))
  const files = {
    GITHUB_OUTPUT: path.join(temp, 'output'),
    GITHUB_STEP_SUMMARY: path.join(temp, 'summary.md'),
    GITHUB_STATE: path.join(temp, 'state'),
    GITHUB_ENV: path.join(temp, 'env'),
    GITHUB_PATH: path.join(temp, 'path'),
  }
  for (const file of Object.values(files)) await writeFile(file, '')
  const { hurry, impatience } = run
  const hurried =
    hurry === undefined && impatience === undefined
      ? []
      : ['--import', new URL('hurry.mjs', import.meta.url).href]
  const child = spawn(process.execPath, [...hurried, bundle], {
    cwd: run.workspace,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: run.onStart !== undefined,
    env: {
      PATH: [...(run.paths ?? []), process.env['PATH']].join(path.delimiter),
      HOME: temp,
      CI: 'true',
      ...(hurry === undefined ? {} : { HURRY: String(hurry) }),
      ...(impatience === undefined ? {} : { IMPATIENCE: String(impatience) }),
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: run.workspace,
      RUNNER_TEMP: temp,
      RUNNER_TOOL_CACHE: path.join(temp, 'tools'),
      ...files,
      ...run.environment,
      ...(await inputVariables(run)),
    },
  })
  if (child.pid !== undefined) run.onStart?.(child.pid)
  let log = ''
  const collect = (chunk: Buffer): void => {
    log += chunk.toString()
    run.onOutput?.(chunk.toString())
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return {
    exitCode,
    log,
    annotations: readAnnotations(log),
    outputs: readOutputs(await readFile(files.GITHUB_OUTPUT, 'utf8')),
    summary: await readFile(files.GITHUB_STEP_SUMMARY, 'utf8'),
    temp,
    remove: async () => {
      await rm(temp, { recursive: true, force: true })
    },
  }
}

/** Every input of `action.yml` as the runner would pass it. */
async function inputVariables(run: ActionRun): Promise<Record<string, string>> {
  const action = parse(
    await readFile(path.join(root, 'action.yml'), 'utf8'),
  ) as { inputs: Record<string, { default?: string } | null> }
  const variables: Record<string, string> = {}
  const values: Record<string, string> = {}
  for (const [name, input] of Object.entries(action.inputs))
    values[name] = (input?.default ?? '').replaceAll(
      /\$\{\{\s*([\w.]+)\s*\}\}/g,
      (_, expression: string) => run.expressions?.[expression] ?? '',
    )
  Object.assign(values, run.inputs)
  for (const [name, value] of Object.entries(values))
    variables[`INPUT_${name.toUpperCase().replaceAll(' ', '_')}`] = value
  return variables
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
function readAnnotations(log: string): Annotation[] {
  const found: Annotation[] = []
  for (const [, level, list, message] of log.matchAll(
    /^::(error|warning|notice)(?: ([^\n]*?))?::(.*)$/gm,
  ))
    found.push({
      level: level as Annotation['level'],
      message: decode(message ?? ''),
      properties: Object.fromEntries(
        (list ?? '')
          .split(',')
          .filter((pair) => pair !== '')
          .map((pair) => {
            const at = pair.indexOf('=')
            return [pair.slice(0, at), decode(pair.slice(at + 1))]
          }),
      ),
    })
  return found
}

function decode(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%')
}

/** `name<<DELIMITER`, the value's lines, `DELIMITER`. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (const [, name, , value] of text.matchAll(
    /^([\w-]+)<<(\S+)\r?\n([\s\S]*?)\r?\n\2$/gm,
  ))
    outputs[name as string] = value as string
  return outputs
}
