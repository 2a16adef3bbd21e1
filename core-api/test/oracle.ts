/**
 * The books of a company, kept the slow and obvious way: one order after another, in memory. What
 * Postgres has posted must come to the same.
 */
export type OracleLine = { sku: number; quantity: bigint; price: bigint; isService: boolean }
export type OracleOrder = {
  state: 'placed' | 'paid' | 'shipped' | 'completed' | 'cancelled'
  wasPaid: boolean
  lines: (OracleLine & { discount: bigint; cost: bigint })[]
  discount: bigint
  shipping: bigint
}
type Shelf = { onHand: bigint; reserved: bigint; value: bigint }
export type Terms = { feeBps: bigint; ratesBps: { 1: bigint; 2: bigint } }

export function createOracle() {
  const shelves = new Map<number, Shelf>()
  const orders: OracleOrder[] = []

  return { shelves, orders, receive, place, ship, cancel }

  function shelfOf(sku: number): Shelf {
    const shelf = shelves.get(sku) ?? { onHand: 0n, reserved: 0n, value: 0n }
    shelves.set(sku, shelf)
    return shelf
  }

  function receive(sku: number, quantity: bigint, value: bigint) {
    const shelf = shelfOf(sku)
    shelf.onHand += quantity
    shelf.value += value
  }

  /** Undefined when the shelf is short: nothing happened. */
  function place(lines: OracleLine[], discount: bigint, shipping: bigint) {
    const wanted = new Map<number, bigint>()
    for (const { sku, quantity, isService } of lines) {
      if (!isService) wanted.set(sku, (wanted.get(sku) ?? 0n) + quantity)
    }
    for (const [sku, quantity] of wanted) {
      const { onHand, reserved } = shelfOf(sku)
      if (onHand - reserved < quantity) return undefined
    }
    for (const [sku, quantity] of wanted) shelfOf(sku).reserved += quantity

    const shares = split(
      discount,
      lines.map(({ price, quantity }) => price * quantity),
    )
    const order: OracleOrder = {
      state: 'placed',
      wasPaid: false,
      lines: lines.map((line, index) => ({ ...line, discount: shares[index] ?? 0n, cost: 0n })),
      discount,
      shipping,
    }
    orders.push(order)
    return order
  }

  function ship(order: OracleOrder) {
    order.state = 'shipped'
    const bySku = order.lines.toSorted((left, right) => left.sku - right.sku)
    for (const line of bySku) {
      if (line.isService) continue
      const shelf = shelfOf(line.sku)
      const isLast = shelf.onHand === line.quantity
      line.cost = isLast ? shelf.value : halfUp(shelf.value * line.quantity, shelf.onHand)
      shelf.onHand -= line.quantity
      shelf.reserved -= line.quantity
      shelf.value -= line.cost
    }
  }

  function cancel(order: OracleOrder) {
    order.state = 'cancelled'
    for (const { sku, quantity, isService } of order.lines) {
      if (!isService) shelfOf(sku).reserved -= quantity
    }
  }
}

export function pay(order: OracleOrder) {
  order.state = 'paid'
  order.wasPaid = true
}

export function complete(order: OracleOrder) {
  order.state = 'completed'
}

/** The balance of each account of one order, without those at zero. */
export function accountsOf(order: OracleOrder, terms: Terms): Record<string, string> {
  const list = sum(order.lines.map(({ price, quantity }) => price * quantity))
  const total = list - order.discount + order.shipping
  const isRefunded = order.wasPaid && order.state === 'cancelled'
  const cost = sum(order.lines.map((line) => line.cost))
  const paid = (amount: bigint) => (order.wasPaid ? amount : 0n)
  const earned = paid(isRefunded ? 0n : sum(order.lines.flatMap((line) => earnedOn(line, terms))))
  const fee = paid((total * terms.feeBps + 5_000n) / 10_000n)
  const balances = {
    sales: paid(-list),
    discount: paid(order.discount),
    shipping_income: paid(-order.shipping),
    refund: isRefunded ? total : 0n,
    cash: isRefunded ? 0n : paid(total),
    fee,
    fee_payable: -fee,
    commission: earned,
    commission_payable: -earned,
    cogs: cost,
    inventory: -cost,
  }
  return Object.fromEntries(
    Object.entries(balances)
      .filter(([, amount]) => amount !== 0n)
      .map(([account, amount]) => [account, amount.toString()]),
  )
}

/** What stands in each state per level; completed orders are past their return window. */
export function commissionsOf(orders: OracleOrder[], terms: Terms): Record<string, string> {
  const standing = new Map<string, bigint>()
  for (const order of orders) {
    if (!order.wasPaid || order.state === 'cancelled') continue
    const state = order.state === 'completed' ? 'available' : 'pending'
    for (const line of order.lines) {
      earnedOn(line, terms).forEach((amount, index) => {
        const key = `${index + 1} ${state}`
        if (amount !== 0n) standing.set(key, (standing.get(key) ?? 0n) + amount)
      })
    }
  }
  return Object.fromEntries([...standing].map(([key, amount]) => [key, amount.toString()]))
}

function earnedOn(line: OracleOrder['lines'][number], terms: Terms): [bigint, bigint] {
  if (line.isService) return [0n, 0n]
  const base = line.price * line.quantity - line.discount
  return [(base * terms.ratesBps[1]) / 10_000n, (base * terms.ratesBps[2]) / 10_000n]
}
/** Cent by cent to whoever is furthest below his exact share, the earlier line first. */
function split(amount: bigint, weights: bigint[]): bigint[] {
  const whole = sum(weights)
  const parts = weights.map((weight) => (whole === 0n ? 0n : (amount * weight) / whole))
  const given = new Set<number>()
  for (let left = amount - sum(parts); left > 0n && whole > 0n; left -= 1n) {
    let neediest = -1
    let most = -1n
    weights.forEach((weight, index) => {
      const lacking = (amount * weight) % whole
      if (!given.has(index) && lacking > most) {
        most = lacking
        neediest = index
      }
    })
    given.add(neediest)
    parts[neediest] = (parts[neediest] ?? 0n) + 1n
  }
  return parts
}

function halfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator)
}

function sum(amounts: bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}
