/** What runs in the page while a pivot is scrolled. */
export type Scrolled = { frames_ms: number[]; long_tasks_ms: number[]; nodes: number }
export type Box = {
  isFilled: boolean
  rows: number
  columns: number
  width: number
  height: number
  all_width: number
  all_height: number
}

/** Down and up at the pace of a flick, and sideways at each turn; the time of each frame is what the reader waits for. */
export async function scrollFor(box: HTMLElement | SVGElement, ms: number): Promise<Scrolled> {
  const DOWN_PX_PER_S = 3_000
  const SIDE_PX_PER_S = 300
  const NODES_EVERY = 30
  const seen: Scrolled = { frames_ms: [], long_tasks_ms: [], nodes: 0 }
  const tasks = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.long_tasks_ms.push(duration)
  })
  tasks.observe({ type: 'longtask' })
  const start = performance.now()
  let last = start
  let down = 1
  let side = 1
  await new Promise<void>((resolve) => {
    const frame = (now: number) => {
      const took = now - last
      if (last > start) seen.frames_ms.push(took)
      last = now
      const [top, left] = [box.scrollTop, box.scrollLeft]
      box.scrollTop += (down * DOWN_PX_PER_S * took) / 1000
      box.scrollLeft += (side * SIDE_PX_PER_S * took) / 1000
      if (took > 0 && box.scrollTop === top) down = -down
      if (took > 0 && box.scrollLeft === left) side = -side
      if (seen.frames_ms.length % NODES_EVERY === 0)
        seen.nodes = Math.max(seen.nodes, document.querySelectorAll('*').length)
      if (now - start < ms) requestAnimationFrame(frame)
      else resolve()
    }
    requestAnimationFrame(frame)
  })
  seen.long_tasks_ms.push(...tasks.takeRecords().map(({ duration }) => duration))
  tasks.disconnect()
  return seen
}

/** The sums under all columns and that of the whole, read as they come into sight. */
export async function readSums(grid: HTMLElement | SVGElement) {
  const centsOf = (cell: Element) => {
    const text = cell.textContent ?? ''
    return Number(text.replaceAll(/\D/g, '')) * (text.includes('−') ? -1 : 1)
  }
  const painted = () =>
    new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  const columns = new Map<string, number>()
  const step = grid.clientWidth / 2
  for (let left = 0; left < grid.scrollWidth; left += step) {
    grid.scrollLeft = left
    await painted()
    for (const cell of grid.querySelectorAll('.foot .cell'))
      columns.set(cell.getAttribute('aria-colindex') ?? '', centsOf(cell))
  }
  const grand = grid.querySelector('.foot .sum')
  return { columns: [...columns.values()], grand: grand ? centsOf(grand) : 0 }
}

/** A box to scroll, as large as the pivot: empty, which is the least any page can take, or a plain table of every cell. */
export function boxOf(size: Box) {
  const box = document.createElement('div')
  box.id = 'box'
  box.style.cssText = `width:${size.width}px;height:${size.height}px;overflow:auto`
  const inside = document.createElement(size.isFilled ? 'table' : 'div')
  inside.style.cssText = `width:${size.all_width}px;height:${size.all_height}px`
  for (let row = 0; size.isFilled && row < size.rows; row += 1) {
    const line = document.createElement('tr')
    for (let column = 0; column < size.columns; column += 1) {
      const cell = document.createElement('td')
      cell.textContent = String(row * column)
      line.append(cell)
    }
    inside.append(line)
  }
  box.append(inside)
  document.body.append(box)
}
