/**
 * Why ArtifactHub would refuse an image reference; `null`: it takes it. It reads
 * one as `name.ParseReference` of google/go-containerregistry does: a repository
 * with perhaps a registry before it, then perhaps a tag, then perhaps a digest.
 */
export function explainImage(image: string): string | null {
  const why = faultOf(image)
  return why === null
    ? null
    : `its image ${JSON.stringify(image)} is no image reference, like registry/name:tag: ${why}`
}

function faultOf(image: string): string | null {
  const [base = '', digest, ...rest] = image.split('@')
  if (rest.length > 0) return 'it has more than one "@"'
  if (digest !== undefined && !/^sha256:[\da-f]{64}$/.test(digest))
    return `${JSON.stringify(digest)} is no digest, which is sha256: and 64 hex digits`
  const slash = base.lastIndexOf('/')
  const colon = base.indexOf(':', slash + 1)
  const [name, tag] =
    colon === -1
      ? [base, undefined]
      : [base.slice(0, colon), base.slice(colon + 1)]
  if (tag !== undefined && !/^[\w.-]{1,128}$/.test(tag))
    return `${JSON.stringify(tag)} is no tag: 1 to 128 letters, digits, "_", "-" and "."`
  const [first = '', ...parts] = name.split('/')
  const isRegistry =
    parts.length > 0 && (/[.:]/.test(first) || first === 'localhost')
  if (isRegistry && !/^[\w.-]+(?::\d+)?$|^\[[\da-f:]+\](?::\d+)?$/i.test(first))
    return `${JSON.stringify(first)} is no host of a registry`
  const repository = isRegistry ? parts.join('/') : name
  return /^[a-z\d_./-]{2,255}$/.test(repository)
    ? null
    : `${JSON.stringify(repository)} is no repository: 2 to 255 lower-case letters, digits, "_", "-", "." and "/"`
}
