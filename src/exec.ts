import { AsyncLocalStorage } from 'node:async_hooks'
import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { getExecOutput } from '@actions/exec'

export interface ExecOptions {
  readonly cwd?: string
  /** Added to the allow-listed variables of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** Written to the child's standard input. */
  readonly input?: string
  /** Until it is stopped, as one that hangs. Default: 600. */
  readonly timeoutSeconds?: number
}

export interface ExecResult {
  /** `null`: a signal ended it. `TIMED_OUT`: it was stopped here. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** As `timeout` of GNU coreutils answers. */
export const TIMED_OUT = 124

/**
 * Runs a program with an argument list (never a shell line) and waits for it.
 * A non-zero exit code is a result, not an error; throws only when the program
 * cannot be started. Nothing of it reaches the log.
 */
export type Exec = (
  program: string,
  args: readonly string[],
  options?: ExecOptions,
) => Promise<ExecResult>

/**
 * What a child may inherit. Every input of the step, secrets too, arrives as
 * an `INPUT_*` variable and a child would otherwise see them all; the user's
 * `HELM_*` and `KUBECONFIG` would change what Helm does.
 */
const inherited =
  /^(PATH|PATHEXT|HOME|USERPROFILE|HOMEDRIVE|HOMEPATH|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|APPDATA|LOCALAPPDATA|PROGRAMDATA|TMPDIR|TMP|TEMP|LANG|LANGUAGE|LC_[A-Z]+|TZ|HTTPS?_PROXY|NO_PROXY|ALL_PROXY|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS)$/i

/**
 * What programs that keep logins need beside that: the clouds' own variables,
 * which tell who the job is (`docker-credential-ecr-login`, `-gcloud`, `-acr-env`).
 */
const clouds = /^(?:AWS|AZURE|ARM|GOOGLE|CLOUDSDK|GCLOUD|DOCKER|XDG)_\w+$/

/** What is added to that for a credential helper, and for no other child. */
export function helperEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && clouds.test(name)) kept[name] = value
  return kept
}

/** The part of an environment that a child process may see. */
export function childEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && inherited.test(name)) kept[name] = value
  return kept
}

/** Long enough for every archive of a chart over a slow line. */
const PATIENCE_SECONDS = 600

/** What a program that was asked to end may still take, in milliseconds. */
const GRACE = 5000

/**
 * @actions/exec hands out no child process, so one that hangs could not be
 * stopped. Node tells of every process that is started, inside the call that
 * starts it: that is how each finds the call that waits for it.
 */
const callers = new AsyncLocalStorage<(child: ChildProcess) => void>()
subscribe('child_process', (message) => {
  callers.getStore()?.((message as { readonly process: ChildProcess }).process)
})

/** `Exec` over real processes, with the allowed part of this environment. */
export function createExec(
  environment: Readonly<Record<string, string | undefined>>,
): Exec {
  const base = childEnvironment(environment)
  return async (program, args, options = {}) => {
    const seconds = options.timeoutSeconds ?? PATIENCE_SECONDS
    const watch = watchChild(seconds * 1000)
    try {
      const result = await callers.run(
        watch.onSpawn,
        async () =>
          // The first argument is a command line to @actions/exec: quoting
          // keeps a program whose path has spaces in one piece.
          await getExecOutput(`"${program}"`, [...args], {
            silent: true,
            ignoreReturnCode: true,
            env: { ...base, ...options.env },
            ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
            ...(options.input === undefined
              ? {}
              : { input: Buffer.from(options.input) }),
          }),
      )
      return watch.timedOut()
        ? {
            ...result,
            exitCode: TIMED_OUT,
            stderr:
              `${result.stderr.trimEnd()}\ntimed out: it was stopped after ${seconds} s`.trimStart(),
          }
        : result
    } finally {
      watch.end()
    }
  }
}

interface ChildWatch {
  readonly onSpawn: (child: ChildProcess) => void
  timedOut(): boolean
  end(): void
}

/** Ends a child that takes longer, first with a request, then without. */
function watchChild(milliseconds: number): ChildWatch {
  let child: ChildProcess | undefined
  let late = false
  let kill: NodeJS.Timeout | undefined
  const timer = setTimeout(() => {
    late = true
    child?.kill('SIGTERM')
    kill = setTimeout(() => child?.kill('SIGKILL'), GRACE)
  }, milliseconds)
  return {
    onSpawn: (started) => {
      child = started
      // One that reads no input and ends is no fault of ours. At this moment it
      // has no streams yet.
      queueMicrotask(() => started.stdin?.on('error', () => {}))
    },
    timedOut: () => late,
    end: () => {
      clearTimeout(timer)
      clearTimeout(kill)
    },
  }
}
