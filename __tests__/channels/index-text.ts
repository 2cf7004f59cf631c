/** An index with demo 1.2.3; the digest as Helm writes it. */
export function indexOf(entry: { digest?: string; url: string }): string {
  return [
    '# kept by hand',
    'apiVersion: v1',
    'entries:',
    '  demo:',
    '  - apiVersion: v2',
    '    name: demo',
    ...(entry.digest === undefined
      ? []
      : [`    digest: ${entry.digest.slice('sha256:'.length)}`]),
    '    urls:',
    `    - ${entry.url}`,
    '    version: 1.2.3',
    'generated: "2020-01-01T00:00:00Z"',
    '',
  ].join('\n')
}
