/** What is generated from what, in the order in which one needs the other. */
import { join } from 'node:path'
import { root } from '../local/root.ts'

export type Generator = { file: string; command: string[] }

export const generators: Generator[] = [
  { file: 'core-api/openapi.json', command: ['core-api/src/openapi.ts'] },
  {
    file: 'web/src/lib/api/schema.d.ts',
    command: [
      'node_modules/openapi-typescript/bin/cli.js',
      'core-api/openapi.json',
      '--output',
      'web/src/lib/api/schema.d.ts',
    ],
  },
  { file: 'semantic/members.ts', command: ['semantic/generate-members.ts'] },
  { file: 'dashboards/topics.ts', command: ['dashboards/generate-topics.ts'] },
  { file: 'docs/measures.md', command: ['semantic/generate-docs.ts'] },
]

export function pathOf({ file }: Generator): string {
  return join(root, file)
}
