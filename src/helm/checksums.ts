/** The Helm of the input `helm-version`, unless it names another. */
export const DEFAULT_HELM_VERSION = 'v4.2.4'

/**
 * SHA-256 of the default version's official archives, as its release notes list
 * them: https://github.com/helm/helm/releases/tag/v4.2.4. They are trusted over
 * whatever lies beside an archive on a mirror.
 */
export const defaultChecksums: ReadonlyMap<string, string> = new Map([
  [
    'helm-v4.2.4-darwin-amd64.tar.gz',
    '6c163d687ca03c3b5c01928e53bbbcf9518278f47ce7a2f249a5a08e8bdaa2bc',
  ],
  [
    'helm-v4.2.4-darwin-arm64.tar.gz',
    'd747eb4e28bd2727173d15b759fa0a17822291ec09db7ced3d55af290a3661a2',
  ],
  [
    'helm-v4.2.4-linux-amd64.tar.gz',
    'c306b46f719b0a4da32d0f78ee21bf90ce8d602f15b22ab753f0674d1670a7f3',
  ],
  [
    'helm-v4.2.4-linux-arm64.tar.gz',
    '564de2191b881e9f71b5606b25345821ea1682f06ab90499d3ab22b530176da1',
  ],
  [
    'helm-v4.2.4-linux-arm.tar.gz',
    '894e901f7daaf9b458baad7b5c685bfeef49070d7d53f99687bd5846a6c13639',
  ],
  [
    'helm-v4.2.4-windows-amd64.zip',
    'e94d83a4706fd82078c98dade2079fa9d9680c1c2bfb93bfc304ee6bc2412a32',
  ],
  [
    'helm-v4.2.4-windows-arm64.zip',
    'dbe8b49ea9877abe3d77354a792efb01920da9f65a492fcb8b4fce4e08bbae8f',
  ],
])
