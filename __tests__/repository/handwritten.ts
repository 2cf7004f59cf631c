const demo = (indent: string, version: string) =>
  [
    `${indent}- apiVersion: v2`,
    `${indent}  digest: ${'0'.repeat(62)}ab`,
    `${indent}  name: demo`,
    `${indent}  urls:`,
    `${indent}  - demo-${version}.tgz`,
    `${indent}  version: ${version}`,
    '',
  ].join('\n')

const plain = `apiVersion: v1
entries:
  alpha:
  - name: alpha
    urls:
    - alpha.tgz
    version: 0.1.0
  demo:
${demo('  ', '2.0.0')}${demo('  ', '1.4.0')}generated: "2020-01-01T00:00:00Z"
`

/** Indexes as people and other tools write them, in block style. */
export const handwrittenBlocks: Readonly<Record<string, string>> = {
  'an index as Helm writes it': plain,
  'CRLF line ends': plain.replaceAll('\n', '\r\n'),
  'a byte order mark': `\uFEFF${plain}`,
  'a first line with three dashes': `# Charts\n\n---\n${plain}`,
  'no final newline': plain.trimEnd(),
  'no final newline after the entries': plain.replace(/\ngenerated.*\n/, ''),
  'quoted keys': plain
    .replace('entries:', '"entries":')
    .replace('  demo:', "  'demo':")
    .replace('  alpha:', '  "alpha":'),
  'comments everywhere': plain
    .replace('entries:', 'entries: # all of them')
    .replace('  demo:', '# out of line\n  demo: # newest first')
    .replace('- apiVersion', '# the newest\n  - apiVersion')
    .replaceAll('    version:', '    # raised by hand\n    version:')
    .replace('generated', '  # the end\n# made by a tool\ngenerated'),
  'empty lines between entries': plain.replaceAll('\n  - ', '\n\n  - '),
  'lists that are indented': `apiVersion: v1\nentries:\n    demo:\n${demo('      ', '2.0.0')}`,
  'a wide dash': plain.replace(
    /^ {2}- apiVersion(?:.|\n)*?(?=^ {2}- |^gen)/gm,
    (entry) =>
      entry.replace('  - ', '  -   ').replace(/^ {4}(?=\w|-)/gm, '      '),
  ),
  'entries that are not the last key': plain
    .replace('apiVersion: v1\n', 'generated: "2020-01-01T00:00:00Z"\n')
    .replace(/generated: "2020-01-01T00:00:00Z"\n$/, 'apiVersion: v1\n'),
  'another key behind the entries': `${plain}annotations:\n  entries: none\n`,
  'no generated': plain.replace(/generated.*\n/, ''),
  'duplicate versions': plain.replace(
    'generated',
    `${demo('  ', '1.4.0').replaceAll('ab', 'cd')}generated`,
  ),
  'versions of all kinds': plain.replace(
    'generated',
    `${demo('  ', 'v1.3')}${demo('  ', '0.46.00')}${demo('  ', '"0.1"')}generated`,
  ),
  'entries that are not sorted': plain.replace(
    'generated',
    `${demo('  ', '3.0.0')}generated`,
  ),
  'block scalars that look like entries': plain.replaceAll(
    '    version: ',
    [
      '    description: |',
      '      entries:',
      '        demo:',
      '        - version: 9.9.9',
      '    annotations:',
      '      a: >-',
      '        - name: demo',
      '',
      '          version: 9.9.9',
      '      b: |+',
      '        text',
      '',
      '',
      '    version: ',
    ].join('\n'),
  ),
  'entries that end in empty lines': plain.replaceAll(
    /^ {4}version: (2|1).*\n/gm,
    '$&    description: |+\n      text\n\n\n',
  ),
  'scalars over several lines': plain.replaceAll(
    '    version: ',
    [
      '    description: a long',
      '      - version 9.9.9',
      '      text',
      '    home: "also',
      '      version: 9.9.9 \\',
      '',
      '      \\"end\\""',
      "    icon: 'it''s",
      "      - version: 9.9.9'",
      '    version: ',
    ].join('\n'),
  ),
  'a chart without versions': plain.replace('  demo:', '  beta:\n  demo:'),
  'charts that are not sorted': plain
    .replace('  alpha:', '  zeta:')
    .replace('name: alpha', 'name: zeta'),
  'no such chart': plain.replaceAll('demo', 'delta'),
  'nothing after entries':
    'apiVersion: v1\nentries:\ngenerated: "2020-01-01T00:00:00Z"\n',
  'no entries': '# new\napiVersion: v1\ngenerated: "2020-01-01T00:00:00Z"\n',
}

/** In forms that only a YAML parser understands. */
export const handwrittenForms: Readonly<Record<string, string>> = {
  'an empty map of entries':
    'apiVersion: v1\nentries: {} # none yet\ngenerated: "2020-01-01T00:00:00Z"\n',
  'flow style':
    'apiVersion: v1\nentries: {alpha: [{name: alpha, version: 0.1.0, urls: [a.tgz]}], # first\n  demo: [\n  {name: demo, version: 2.0.0, urls: [a.tgz]}, # newest\n  {name: demo, version: 1.0.0, urls: [b.tgz]},\n  ]} # all\n',
  'flow style within blocks':
    'apiVersion: v1\nentries:\n  demo:\n  - {name: demo, version: 2.0.0, urls: [a.tgz]}\n  # old\n  - {name: demo, version: 1.0.0, urls: [b.tgz]}\n',
  'an empty list of versions': 'apiVersion: v1\nentries:\n  demo: []\n',
  'null for entries': 'apiVersion: v1\nentries: ~ # none\n',
  'a null for a chart': 'apiVersion: v1\nentries:\n  demo: null\n',
  JSON: JSON.stringify(
    {
      apiVersion: 'v1',
      entries: { demo: [{ name: 'demo', version: '1.0.0', urls: ['x.tgz'] }] },
      generated: '2020-01-01T00:00:00Z',
    },
    null,
    2,
  ),
  'anchors and aliases':
    'apiVersion: v1\nentries:\n  demo:\n  - &old\n    name: demo\n    keywords: &words [a, b]\n    urls: [x.tgz]\n    version: 2.0.0\n  # same words\n  - name: demo\n    keywords: *words\n    urls: [y.tgz]\n    version: 1.0.0\n',
  'text that looks like a comment':
    'apiVersion: v1\nentries:\n  demo:\n  - &old\n    urls: [x.tgz]\n    version: 2.0.0\n    name: demo\n    description: |\n      text\n      # text\n  # comment\n  - name: demo\n    urls: [y.tgz]\n    version: 1.0.0\n',
  'a merge key':
    'apiVersion: v1\nentries:\n  demo:\n  - <<: &common\n      name: demo\n      urls: [x.tgz]\n    version: 2.0.0\n  - <<: *common\n    version: 1.0.0\n',
  tags: 'apiVersion: v1\nentries: !!map\n  demo: !!seq\n  - name: !!str demo\n    urls: [x.tgz]\n    version: !!str 1.0.0\n',
  'names that are no strings':
    'apiVersion: v1\nentries:\n  on:\n  - name: "on"\n    urls: [x.tgz]\n    version: 1.0.0\n  1.5:\n  - name: "1.5"\n    urls: [x.tgz]\n    version: 1.0.0\n',
  'quoted lines at the margin':
    'apiVersion: v1\nentries:\n  demo:\n  - {name: demo, urls: [x.tgz], version: "1.0.0", description: "a\n   b"}\n',
  'two documents':
    'apiVersion: v1\nentries:\n  demo:\n  - name: demo\n    urls: [x.tgz]\n    version: 1.0.0\n---\n# not for Helm\nother: 1\n',
  'a block map beside a key with a question mark':
    'apiVersion: v1\n? entries\n:\n  demo:\n  - name: demo\n    urls: [x.tgz]\n    version: 1.0.0\n',
}

export const handwritten = { ...handwrittenBlocks, ...handwrittenForms }
