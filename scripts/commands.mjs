/** Every command of package.json: the file that does it, and what `--help` says. */
export const commands = {
  start: {
    file: 'local/start.ts',
    usage: 'npm start [-- --empty --seed N --rate R --verbose]',
    help: [
      'Starts everything; the first start loads a demo company. Ctrl-C stops it.',
      '',
      '  --empty    without the demo: one administrator, no data, no simulated market',
      '  --seed N   seed of the simulated market (default 1)',
      '  --rate R   simulated orders a second, on average (default 2; 0 for none)',
      '  --verbose  what each step took',
      '',
      'Environment: PORT_BASE=18000 moves all ports, DATA_DIR moves .data/, HOST is what the web',
      'server binds to; INSTANCE_NAME, INSTANCE_CURRENCY and INSTANCE_TIME_ZONE count at the first',
      'start with --empty. DATABASE_URL and CLICKHOUSE_URL use servers instead: docs/servers.md.',
    ],
  },
  dev: {
    file: 'local/start.ts',
    arguments: ['--dev'],
    usage: 'npm run dev [-- --empty --seed N --rate R]',
    help: ['As npm start, but services restart and pages reload when their files change.'],
  },
  test: {
    file: 'scripts/test.ts',
    usage: 'npm test [-- unit|db|e2e] [FILTER…]',
    help: [
      'Runs every suite, or one of them, or the files whose path contains a filter.',
      '',
      'Environment: DATABASE_URL and CLICKHOUSE_URL use servers instead of engines of its own;',
      'CI=true makes a skipped test a failure.',
    ],
  },
  check: {
    file: 'scripts/check.ts',
    usage: 'npm run check',
    help: ['Format, lint, types and generated files. Exit code 1 names what failed.'],
  },
  generate: {
    file: 'scripts/generate.ts',
    usage: 'npm run generate',
    help: [
      'Writes core-api/openapi.json, web/src/lib/api/schema.d.ts, semantic/members.ts and docs/measures.md.',
    ],
  },
  migrate: {
    file: 'scripts/migrate.ts',
    usage: 'npm run migrate',
    help: [
      'Brings both databases up to date: those of DATABASE_URL and CLICKHOUSE_URL, else those of the',
      'running instance, else those of the data folder.',
    ],
  },
  import: {
    file: 'core-api/src/import/cli.ts',
    usage: 'npm run import -- FILE… --map MAP [--instance URL]',
    help: [
      'Reads order history from CSV, JSON lines or Arrow, gzipped or not. docs/import.md has the map.',
      'Running it again writes nothing new.',
    ],
  },
  ingest: {
    file: 'scripts/ingest.ts',
    usage:
      "npm run ingest -- --tables 'public.*' --database NAME [--check | --resync TABLE | --resnapshot]",
    help: [
      'Change capture alone: keeps NAME.<table> and NAME.current_<table> in ClickHouse equal to the tables',
      'of any Postgres, until a signal. ingest/README.md has the rest.',
      '',
      '  --tables PATTERN  schema.table, a star for anything; again, or with commas, for more',
      '  --database NAME   the ClickHouse database, made when it is not there',
      '  --check           only says what the Postgres lacks, each with the statement that mends it',
      '  --resync TABLE    copies schema.table anew while the others stream',
      '  --resnapshot      copies everything anew, whatever is there',
      '',
      'Environment: DATABASE_URL is the Postgres; CLICKHOUSE_URL a ClickHouse, else one is started with its',
      'data in DATA_DIR (.data); PORT_BASE moves its ports and that of /status.',
    ],
  },
  bench: {
    file: 'bench/run.ts',
    usage: 'npm run bench -- NAME [--seed N]',
    help: ['Runs one benchmark beside its peer. bench/README.md lists the names.'],
  },
  reconcile: {
    file: 'scripts/reconcile.ts',
    usage: 'npm run reconcile [-- core|olap|measures] [--heal] [--database NAME]',
    help: [
      'Proves on a running instance that the books hold, that ClickHouse equals Postgres at one position',
      'of the log, and that every number of the semantic layer is what plain SQL on Postgres says; with',
      'a name, that alone. --heal puts ClickHouse right. docs/runbook/reconcile.md says what to do.',
    ],
  },
  torture: {
    file: 'test/torture.ts',
    usage: 'npm run torture -- cdc [--kills 200] [--seed 1]',
    help: [
      'Business goes on while ingest, ClickHouse and Postgres are killed and disturbed at points with names;',
      'after each round every row and every sum is compared. Exit code 1: something was lost or doubled.',
    ],
  },
  verify: {
    file: 'scripts/verify.ts',
    usage: 'npm run verify -- dashboards',
    help: [
      'Names every member that the model does not have, wrong unit, text that a language lacks and tile',
      'that a role of its page may not open. Needs nothing running.',
    ],
  },
  screenshots: {
    file: 'test/screenshots.ts',
    usage: 'npm run screenshots',
    help: ['Takes every page in both themes, both languages and all widths.'],
  },
}
