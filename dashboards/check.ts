/** `npm run verify -- dashboards`: names what a dashboard says and the model does not. Needs nothing running. */
import { dimensions, measures, views } from '../semantic/members.ts'
import { dashboards } from './index.ts'
import { violationsOf } from './verify.ts'

const found = dashboards.flatMap((each) => violationsOf(each, { views, measures, dimensions }))
for (const { dashboard, at, says } of found) console.log(`✗ ${dashboard} · ${at}: ${says}`)

const checked = dashboards.reduce((count, { tiles }) => count + tiles.length, 0)
console.log(JSON.stringify({ verify: 'dashboards', checked, violations: found.length }))
process.exitCode = found.length === 0 ? 0 : 1
