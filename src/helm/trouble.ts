import type { ExecResult } from '../exec.ts'

/**
 * Is a failure of Helm one of the network, of a busy server or of this machine,
 * rather than of the chart? Another run may well succeed. Helm's words are no
 * contract, so they only ever make a verdict milder.
 */
export function isPassing({
  exitCode,
  words,
}: {
  readonly exitCode: ExecResult['exitCode']
  readonly words: string
}): boolean {
  return wasStopped(exitCode) || passing.test(withoutNames(words))
}

/**
 * Helm itself answers 1 to whatever it cannot do: a signal (`null`, or 128 and
 * more), a time-out (124) or a program that cannot be run (126, 127) is no
 * answer of Helm's.
 */
function wasStopped(exitCode: ExecResult['exitCode']): boolean {
  return exitCode === null || exitCode >= 124
}

const passing = new RegExp(
  [
    // The server.
    String.raw`\b(?:429|50[0234])\b`,
    'too ?many ?requests',
    'server misbehaving',
    String.raw`stream error`,
    'GOAWAY',
    // The way there.
    'time-?out|timed out|deadline exceeded',
    'connection (?:reset|refused|timed out|closed)',
    'broken pipe',
    'no such host|temporary failure in name resolution',
    'network is (?:unreachable|down)|no route to host|host is (?:unreachable|down)',
    'dial (?:tcp|udp)',
    String.raw`unexpected EOF|: EOF\b`,
    'TLS handshake|proxyconnect',
    'x509|certificate|tls:',
    // This machine.
    'no space left on device|disk quota exceeded|read-only file system',
    'cannot allocate memory|too many open files|resource temporarily unavailable|out of memory',
  ].join('|'),
  'i',
)

/** A chart, a version, a path or a URL may hold any of these words. */
function withoutNames(words: string): string {
  return words.replaceAll(/\S*\/\S*|"[^"]*"/g, '')
}
