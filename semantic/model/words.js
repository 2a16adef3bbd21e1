// What a member says of itself: in English, in Chinese, and what its number is. Every member of a view has all of it.

// A sum or a count: `good` is the direction that is wished for, `except` what it does not add up over.
export function amount(unit, good, english, chinese, except = []) {
  return described(english, chinese, {
    unit,
    good,
    additive: true,
    ...(except.length > 0 && { additive_except: except }),
  })
}

// A quotient, a percentile, a rank: asked anew for each total.
export function figure(unit, good, english, chinese) {
  return described(english, chinese, { unit, good, additive: false })
}

// What numbers are grouped by. `values` names each code in both languages.
export function group(english, chinese, values) {
  return described(english, chinese, values ? { values } : {})
}

// A group that some roles may not read, though the rest of the view is theirs.
export function shut(forbidden_to, described) {
  return { ...described, meta: { ...described.meta, forbidden_to } }
}

function described([title, description], [title_zh, description_zh], meta) {
  return { title, description, meta: { ...meta, title_zh, description_zh, owner: `analytics` } }
}

// SQL: six digits, half away from zero, empty without a denominator.
export function ratio(part, whole) {
  return quotient(part, whole, 6)
}

// Of Decimals, because ClickHouse divides integers as floats.
export function quotient(part, whole, digits) {
  return `if(${whole} <= 0, null, round(divideDecimal(toDecimal256(${part}, 0), toDecimal256(greatest(${whole}, 1), 0), ${digits + 6}), ${digits}))`
}

// SQL: today in the instance's time zone.
export const TODAY = `toDate32(toTimeZone(now(), (select time_zone from current_instance)))`

// SQL: distinct orders as a bitmap, which is as exact as a set and half the time, because ids lie close together.
export function orders(condition) {
  return `groupBitmapIf(toUInt64(assumeNotNull(order_id)), ${condition} and isNotNull(order_id))`
}

export const AT = group(
  [
    `Time`,
    `When it was posted: revenue at payment, cost at shipping, refunds when the money goes back.`,
  ],
  [`时间`, `收入按付款，成本按发货，退款按退回时间。`],
)
export const BUSINESS_DAY = group(
  [`Business day`, `The calendar day in the instance's time zone.`],
  [`营业日`, `按本实例时区计算的日期。`],
)
export const SELLER = group(
  [`Distributor id`, `Who made the sale; empty where the company sold directly.`],
  [`分销商编号`, `成交的分销商；公司直销时为空。`],
)
export const ORDER = group([`Order id`, `The order it belongs to.`], [`订单编号`, `所属订单。`])
