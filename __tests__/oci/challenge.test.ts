import { describe, expect, test } from '@jest/globals'
import { checkRealm, parseChallenges } from '../../src/oci/challenge.ts'

describe('a WWW-Authenticate header', () => {
  test('is read with commas and quotes inside its values', () => {
    const [bearer, basic] = parseChallenges(
      String.raw`Bearer realm="https://a.example/token?x=1,2",service="s \"q\"", scope=repository:a:pull , Basic realm="r"`,
    )
    expect(bearer?.scheme).toBe('bearer')
    expect(Object.fromEntries(bearer?.parameters ?? [])).toEqual({
      realm: 'https://a.example/token?x=1,2',
      service: 's "q"',
      scope: 'repository:a:pull',
    })
    expect(basic?.scheme).toBe('basic')
  })
})

describe('P8: credentials go only to a realm of the registry itself', () => {
  test.each([
    ['https://ghcr.io/token', 'ghcr.io'],
    ['https://auth.docker.io/token', 'docker.io'],
    ['https://auth.docker.io/token', 'registry-1.docker.io'],
    ['https://quay.io/v2/auth', 'quay.io'],
    ['https://gitlab.com/jwt/auth', 'registry.gitlab.com'],
    ['https://gitlab.example.com/jwt/auth', 'registry.example.com:5050'],
    ['https://us.icr.io/oauth/token', 'us.icr.io'],
    ['https://mine.azurecr.io/oauth2/token', 'mine.azurecr.io'],
    ['https://auth.example.co.uk/token', 'registry.example.co.uk'],
    ['https://10.0.0.5/token', '10.0.0.5:5000'],
    ['http://127.0.0.1:5001/token', '127.0.0.1:5000'],
    ['http://localhost:5001/token', '127.0.0.1:5000'],
  ])('%s may serve %s', (realm, host) => {
    expect(checkRealm(realm, host).href).toBe(realm)
  })

  test.each([
    ['https://evil.example/token', 'ghcr.io'],
    ['http://ghcr.io/token', 'ghcr.io'],
    ['https://ghcr.io.evil.example/token', 'ghcr.io'],
    ['https://evil-ghcr.io/token', 'ghcr.io'],
    ['https://user@ghcr.io/token', 'ghcr.io'],
    ['https://other.co.uk/token', 'registry.co.uk'],
    ['https://other.azurecr.io/token', 'mine.azurecr.io'],
    ['https://10.0.0.6/token', '10.0.0.5'],
    ['http://127.0.0.1:5001/token', 'ghcr.io'],
    ['https://ghcr.io/token', 'localhost:5000'],
    ['file:///etc/passwd', '127.0.0.1:5000'],
    ['/token', 'ghcr.io'],
  ])('%s may not serve %s', (realm, host) => {
    expect(() => checkRealm(realm, host)).toThrow(
      expect.objectContaining({ code: 'REGISTRY_AUTH' }),
    )
  })
})
