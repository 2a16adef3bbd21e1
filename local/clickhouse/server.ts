/**
 * The ClickHouse process: loads the library of npm's chdb and runs its whole program on a thread of
 * its own. The last query never ends; killing it is how the program is told to close its tables.
 */
import { libchdbPath } from 'chdb/libchdb'
import { DataType, load, open } from 'ffi-rs'
import { dropConnections } from './sockets.ts'

const KEEP_RUNNING = 'SELECT sleepEachRow(1) FROM system.numbers FORMAT Null'
const STOP_ATTEMPTS_MAX = 20
const STOP_RETRY_MS = 100

const [data, config, httpPort, tcpPort] = process.argv.slice(2)
const admin = process.env.CLICKHOUSE_ADMIN_PASSWORD
if (!data || !config || !httpPort || !tcpPort || !admin) {
  throw new Error('usage: server.ts DATA CONFIG HTTP_PORT TCP_PORT, with CLICKHOUSE_ADMIN_PASSWORD')
}

const engineArguments = [
  'clickhouse',
  `--path=${data}`,
  `--config-file=${config}`,
  `--http_port=${httpPort}`,
  `--tcp_port=${tcpPort}`,
  '--listen_host=127.0.0.1',
  '--logger.console=1',
  '--log-level=warning',
  [
    '--query=SYSTEM START LISTEN HTTP',
    'SYSTEM START LISTEN TCP',
    `${KEEP_RUNNING} SETTINGS max_block_size=1, function_sleep_max_microseconds_per_block=0`,
  ].join('; '),
]

process.on('SIGTERM', () => void stop())
process.on('SIGINT', () => void stop())

open({ library: 'chdb', path: libchdbPath() })
const ended = load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [engineArguments.length, engineArguments],
  runInNewThread: true,
})
let isRunning = true
void ended.finally(() => (isRunning = false))

async function stop() {
  await askToEnd()
  while (isRunning) {
    dropConnections([Number(httpPort), Number(tcpPort)])
    await new Promise((resolve) => setTimeout(resolve, STOP_RETRY_MS))
  }
}

/** Early in a start nobody listens yet, so the order is repeated until it is heard. */
async function askToEnd() {
  for (let attempt = 0; attempt < STOP_ATTEMPTS_MAX && isRunning; attempt++) {
    const response = await fetch(`http://127.0.0.1:${httpPort}/`, {
      method: 'POST',
      headers: { 'X-ClickHouse-User': 'admin', 'X-ClickHouse-Key': admin ?? '' },
      body: `KILL QUERY WHERE query LIKE '${KEEP_RUNNING}%' ASYNC FORMAT TabSeparated`,
    }).catch(() => null)
    if (response?.ok && (await response.text()) !== '') return
    await new Promise((resolve) => setTimeout(resolve, STOP_RETRY_MS))
  }
  // It cannot be asked. Acknowledged data is on disk, so nothing is lost by not asking.
  if (isRunning) process.kill(process.pid, 'SIGKILL')
}
