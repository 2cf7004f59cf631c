/**
 * Is this `host[:port]` the machine itself? Such registries speak plain HTTP,
 * as in Docker: https://docs.docker.com/reference/cli/dockerd/#insecure-registries
 */
export function isLoopback(host: string): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  return (
    name === 'localhost' ||
    name === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)
  )
}
