import { expect, test } from '@jest/globals'
import { isPassing } from '../../src/helm/trouble.ts'

test.each([
  'failed to do request: Head "https://r.example/v2/": dial tcp: lookup r.example on 127.0.0.53:53: server misbehaving',
  'GET "https://r.example/v2/": unexpected status from GET request: 503 Service Unavailable',
  'stream error: stream ID 3; INTERNAL_ERROR; received from peer',
  'http2: server sent GOAWAY and closed the connection',
  'tls: failed to verify certificate: x509: certificate signed by unknown authority',
  'write /home/x/demo-1.0.0.tgz: no space left on device',
  'dial tcp 10.0.0.1:443: connect: no route to host',
  'fork/exec /usr/bin/helm: cannot allocate memory',
  'open /x: too many open files',
  'timed out: it was stopped after 180 s',
])('P7: %s', (words) => {
  expect(isPassing({ exitCode: 1, words })).toBe(true)
})

test.each([
  'ghcr.io/owner/503-service:1.0.0: not found',
  'chart "certificate" version "1.0.0" not found in https://x.example/timeout repository',
  'denied: permission_denied: read_package',
  'Chart.yaml file is missing',
])('a word in a name is no trouble: %s', (words) => {
  expect(isPassing({ exitCode: 1, words })).toBe(false)
})

test.each([null, 124, 126, 127, 137])(
  'P7: the exit code %s is no answer of Helm’s',
  (exitCode) => {
    expect(isPassing({ exitCode, words: 'not found' })).toBe(true)
  },
)
