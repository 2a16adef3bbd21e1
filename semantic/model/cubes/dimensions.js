// What facts are grouped by: the newest row of each mirror.
import { group, shut } from './words'

cube(`channel`, {
  sql_table: `current_channel`,
  public: false,
  dimensions: {
    id: { sql: `id`, type: `number`, primary_key: true },
    code: {
      sql: `code`,
      type: `string`,
      ...group(
        [`Channel`, `The code of the channel an order came by.`],
        [`渠道`, `订单来源渠道的代码。`],
      ),
    },
    name: {
      sql: `name`,
      type: `string`,
      ...group([`Channel name`, `The channel's name.`], [`渠道名称`, `渠道的名称。`]),
    },
  },
})

cube(`distributor`, {
  sql_table: `current_distributor`,
  public: false,
  dimensions: {
    id: { sql: `id`, type: `number`, primary_key: true },
    name: {
      sql: `name`,
      type: `string`,
      ...group([`Distributor`, `The distributor's name.`], [`分销商`, `分销商的名称。`]),
    },
    region: {
      sql: `region`,
      type: `string`,
      ...group([`Region`, `The distributor's region.`], [`区域`, `分销商所在区域。`]),
    },
    depth: {
      sql: `depth`,
      type: `number`,
      ...group([`Depth`, `1 is the top of the tree, today.`], [`级别`, `1 为最上级，按当前层级。`]),
    },
    parent_id: {
      sql: `${CUBE}.parent_id`,
      type: `string`,
      ...group(
        [`Parent id`, `Whom the distributor is directly below, today.`],
        [`上级编号`, `当前的直接上级。`],
      ),
    },
    grade: {
      sql: `grade`,
      type: `string`,
      ...group([`Grade`, `The distributor's grade, today.`], [`等级`, `分销商当前的等级。`]),
    },
  },
})

cube(`customer`, {
  sql_table: `current_customer`,
  public: false,
  dimensions: {
    id: { sql: `id`, type: `number`, primary_key: true },
    name: {
      sql: `name`,
      type: `string`,
      ...shut(
        [`distributor`],
        group(
          [`Customer`, `The customer's name; for the company alone.`],
          [`客户`, `客户的名称；仅限公司内部查看。`],
        ),
      ),
    },
    segment: {
      sql: `segment`,
      type: `string`,
      ...group(
        [`Customer segment`, `The kind of customer, as the company sorts them.`],
        [`客户类型`, `公司对客户的分类。`],
      ),
    },
    region: {
      sql: `region`,
      type: `string`,
      ...group([`Customer region`, `Where the customer is.`], [`客户区域`, `客户所在区域。`]),
    },
  },
})

cube(`product`, {
  sql_table: `current_product`,
  public: false,
  dimensions: {
    id: { sql: `id`, type: `number`, primary_key: true },
    name: {
      sql: `name`,
      type: `string`,
      ...group([`Product`, `The product's name.`], [`商品`, `商品的名称。`]),
    },
    category: {
      sql: `category`,
      type: `string`,
      ...group([`Category`, `The product's category.`], [`品类`, `商品所属品类。`]),
    },
  },
})

cube(`sku`, {
  sql_table: `current_sku`,
  public: false,
  dimensions: {
    id: { sql: `id`, type: `number`, primary_key: true },
    name: {
      sql: `name`,
      type: `string`,
      ...group([`SKU`, `The name of what is kept in stock.`], [`SKU`, `库存单位的名称。`]),
    },
  },
})

cube(`warehouse`, {
  sql_table: `current_warehouse`,
  public: false,
  dimensions: {
    id: { sql: `id`, type: `number`, primary_key: true },
    name: {
      sql: `name`,
      type: `string`,
      ...group([`Warehouse`, `The warehouse's name.`], [`仓库`, `仓库的名称。`]),
    },
  },
})
