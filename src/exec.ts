import { getExecOutput } from '@actions/exec'

export interface ExecOptions {
  readonly cwd?: string
  /** Added to the allow-listed variables of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** Written to the child's standard input. */
  readonly input?: string
}

export interface ExecResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

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

/** `Exec` over real processes, with the allowed part of this environment. */
export function createExec(
  environment: Readonly<Record<string, string | undefined>>,
): Exec {
  const base = childEnvironment(environment)
  return async (program, args, options = {}) =>
    // The first argument is a command line to @actions/exec: quoting keeps a
    // program whose path has spaces in one piece.
    await getExecOutput(`"${program}"`, [...args], {
      silent: true,
      ignoreReturnCode: true,
      env: { ...base, ...options.env },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.input === undefined
        ? {}
        : { input: Buffer.from(options.input) }),
    })
}
