/** Strings that a YAML parser likes to take for something else. */
export const awkwardStrings: readonly string[] = [
  ['', '~', 'null', 'Null', 'yes', 'No', 'on', 'OFF', 'y', 'n', 'true'],
  ['0o7', '0777', '0x1F', '0b1', '1_000', '1e3', '.5', '1.', '+1', '-0'],
  ['12:30', '190:20:30.15', '.inf', '-.INF', '.NaN', '=', '<<', '1.10'],
  ['2021-01-01', '2001-12-14t21:59:43.10-05:00', '2001-12-14 21:59:43'],
  ['a: b', 'a:', ':a', 'a #b', '#a', '- a', '-', '---', '...', '? a'],
  ['*a', '&a', '!a', '%a', '@a', '`a', '|', '>', '[a', '{a', ',a', 'a]'],
  [' lead', 'trail ', '\ttab', 'a\tb', '"q"', "'s'", "it's", 'a\\nb'],
  ['a\nb', 'a\nb\n', 'a\nb\n\n', '\na', '  a\nb', 'a \nb', '# a\n# b'],
  ['a\n\n  b', 'a\r\nb', 'a: b\n- c\n', '\n', 'é', '😀', '\u00A0a'],
  ['\u2028x', 'a\u2029', 'a\u0085b', '\uFEFFx', '\u0007\u001B', '\u007F'],
  ['1'.repeat(40), `1e${'9'.repeat(5)}`, 'x'.repeat(200), 'long '.repeat(50)],
  ['__proto__', 'constructor', '{{ .Values.a }}', '${{ x }}', '::error::'],
].flat()
