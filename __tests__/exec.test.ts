import { describe, expect, test } from '@jest/globals'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  childEnvironment,
  createExec,
  helperEnvironment,
  TIMED_OUT,
} from '../src/exec.ts'

const print = (code: string): string[] => [
  '-e',
  `process.stdout.write(${code})`,
]

describe('a child process', () => {
  test('P8: inherits no inputs, tokens or Helm settings of the job', async () => {
    const exec = createExec({
      PATH: process.env['PATH'],
      HOME: '/home/somebody',
      https_proxy: 'http://proxy:3128',
      INPUT_TOKEN: 'secret',
      'INPUT_REGISTRY-CREDENTIALS': 'secret',
      GITHUB_TOKEN: 'secret',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
      HELM_KUBETOKEN: 'secret',
      KUBECONFIG: '/home/somebody/.kube/config',
      AWS_SECRET_ACCESS_KEY: 'secret',
    })
    const { stdout } = await exec(
      process.execPath,
      print('JSON.stringify(process.env)'),
      { env: { ADDED: 'yes' } },
    )
    expect(JSON.parse(stdout)).toMatchObject({
      HOME: '/home/somebody',
      https_proxy: 'http://proxy:3128',
      ADDED: 'yes',
    })
    expect(stdout).not.toContain('secret')
    expect(stdout).not.toContain('KUBECONFIG')
  })

  test('P11: gets its arguments as they are: there is no shell', async () => {
    const exec = createExec(process.env)
    const args = ['$(id)', '; id', '"quoted"', '--flag=a b', '`id`', '']
    const { stdout } = await exec(process.execPath, [
      '-e',
      'process.stdout.write(JSON.stringify(process.argv.slice(1)))',
      '--',
      ...args,
    ])
    expect(JSON.parse(stdout)).toEqual(args)
  })

  test('may lie at a path with spaces', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'with spaces '))
    try {
      const program = path.join(folder, 'a node')
      await symlink(process.execPath, program)
      const exec = createExec(process.env)
      const { stdout } = await exec(program, print('"ran"'))
      expect(stdout).toBe('ran')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('that fails is a result, with what it said', async () => {
    const exec = createExec(process.env)
    const result = await exec(process.execPath, [
      '-e',
      'console.error("why"); process.exit(3)',
    ])
    expect(result).toMatchObject({ exitCode: 3, stderr: 'why\n' })
  })

  test('that ends without reading its input is a result, too', async () => {
    const exec = createExec(process.env)
    const result = await exec(
      '/bin/sh',
      ['-c', 'exec <&-; sleep 0.2; exit 1'],
      {
        input: 'x'.repeat(1_000_000),
      },
    )
    expect(result.exitCode).toBe(1)
  })

  test('that hangs is stopped, whatever it does about the request to end', async () => {
    const exec = createExec(process.env)
    const began = print('"began"').at(1)
    const hang = `${began}; process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`
    const [asked, other] = await Promise.all([
      exec(process.execPath, ['-e', hang], { timeoutSeconds: 1 }),
      exec(process.execPath, ['-e', `setTimeout(() => ${began}, 2000)`]),
    ])
    expect(asked).toMatchObject({
      exitCode: TIMED_OUT,
      stdout: 'began',
      stderr: expect.stringContaining('timed out'),
    })
    // No other child is meant by it.
    expect(other).toMatchObject({ exitCode: 0, stdout: 'began' })
  }, 30_000)

  test('that a signal ends is no answer of its own', async () => {
    const exec = createExec(process.env)
    const result = await exec(process.execPath, [
      '-e',
      'process.kill(process.pid, "SIGKILL")',
    ])
    expect(result.exitCode).toBeNull()
  })

  test('reads what it is given on standard input', async () => {
    const exec = createExec(process.env)
    const { stdout } = await exec(
      process.execPath,
      ['-e', 'process.stdin.pipe(process.stdout)'],
      { input: 'a password' },
    )
    expect(stdout).toBe('a password')
  })
})

test('P8: only a credential helper sees the variables of the clouds', () => {
  const environment = {
    PATH: '/bin',
    AWS_ACCESS_KEY_ID: 'key',
    GOOGLE_APPLICATION_CREDENTIALS: '/file',
    INPUT_TOKEN: 'secret',
    GITHUB_TOKEN: 'secret',
    ACTIONS_RUNTIME_TOKEN: 'secret',
  }
  expect(childEnvironment(environment)).toEqual({ PATH: '/bin' })
  expect(helperEnvironment(environment)).toEqual({
    AWS_ACCESS_KEY_ID: 'key',
    GOOGLE_APPLICATION_CREDENTIALS: '/file',
  })
})
