/**
 * The name that GitHub gives to an uploaded file. Its documentation only says
 * that special characters and periods at either end are changed; the details
 * are those that the `gh` CLI expects of it: ASCII letters, digits and `-_+@`
 * stay, anything else becomes one period, and a name of nothing but an
 * extension gets `default` before it.
 */
export function assetName(uploaded: string): string {
  const plain = uploaded.normalize('NFD').replaceAll(/\p{Mark}/gu, '')
  const dotted = (plain.startsWith('.') ? `default${plain}` : plain)
    .replaceAll(/[^A-Za-z0-9\-_+@]+/g, '.')
    .replaceAll(/^\.+|\.+$/g, '')
  return dotted !== uploaded && !dotted.includes('.')
    ? `default.${dotted}`
    : dotted
}
