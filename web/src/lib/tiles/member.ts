import { topics } from '../../../../dashboards/topics.ts'
import type { View } from '../../../../dashboards/define.ts'

/** `sales.revenue_cents` is of the view `sales`. */
export function viewOf(member: string): View {
  const [name = ''] = member.split('.')
  if (!isView(name)) throw new Error(`${member} is of no view`)
  return name
}

function isView(name: string): name is View {
  return name in topics
}
