import { distributors } from '../../../../../dashboards/index.ts'
import { loadFor } from '#lib/dashboard/load.ts'

export const load = loadFor(distributors)
