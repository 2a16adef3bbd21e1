import { defineConfig } from 'vitest/config'

const ignored = [
  '**/node_modules/**',
  '**/.cache/**',
  '**/.data/**',
  '**/build/**',
  '**/.svelte-kit/**',
]
const needsServers = ['**/*.pg.test.ts', '**/*.ch.test.ts']

export default defineConfig({
  test: {
    // Two cores: more workers only make every engine slower.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...ignored, ...needsServers],
        },
      },
      {
        test: {
          name: 'db',
          include: needsServers,
          exclude: ignored,
          globalSetup: ['test/engines.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['**/*.e2e.ts'],
          exclude: ignored,
          testTimeout: 120_000,
          hookTimeout: 180_000,
          globalSetup: ['test/stack.ts'],
          fileParallelism: false,
        },
      },
    ],
  },
})
