-- An insert writes one part and one fsync: projections are built when parts merge, not when rows arrive. A question
-- takes the settled parts by their projection and the few young ones row by row, in one snapshot of the table, so it
-- says the same as the facts at every moment: nothing is folded beside the table and nothing can be lost between.
alter table analytics.journal_entry
modify setting materialize_projections_on_insert = 0, materialize_projections_on_merge = 1;

alter table analytics.stock_move
modify setting materialize_projections_on_insert = 0, materialize_projections_on_merge = 1;

alter table analytics.commission_entry
modify setting materialize_projections_on_insert = 0, materialize_projections_on_merge = 1;

alter table analytics.order_event
modify setting materialize_projections_on_insert = 0, materialize_projections_on_merge = 1;

alter table analytics.funnel_event
modify setting materialize_projections_on_insert = 0, materialize_projections_on_merge = 1;

-- What was kept of each day before answered no question: it knew neither distinct orders nor skus.
alter table analytics.journal_entry drop projection if exists by_day_channel;

alter table analytics.journal_entry drop projection if exists by_day_distributor;

alter table analytics.journal_entry drop projection if exists by_day_product;

alter table analytics.commission_entry drop projection if exists by_state;

-- Days by what is asked of them. Orders are bitmaps, so that counts of distinct orders stay exact over any days.
alter table analytics.journal_entry add projection if not exists day_channel (
  select
    business_day, account, channel_id, sum(amount_cents), sum(quantity), count(),
    groupBitmapIfState(toUInt64(assumeNotNull(order_id)), account = 'sales' and isNotNull(order_id))
  group by business_day, account, channel_id
);

alter table analytics.journal_entry add projection if not exists day_distributor (
  select
    business_day, account, channel_id, distributor_id, ancestor_ids, sum(amount_cents), sum(quantity), count(),
    groupBitmapIfState(toUInt64(assumeNotNull(order_id)), account = 'sales' and isNotNull(order_id))
  group by business_day, account, channel_id, distributor_id, ancestor_ids
);

alter table analytics.journal_entry add projection if not exists day_product (
  select
    business_day, account, product_id, sku_id, sum(amount_cents), sum(quantity), count(),
    groupBitmapIfState(toUInt64(assumeNotNull(order_id)), account = 'sales' and isNotNull(order_id))
  group by business_day, account, product_id, sku_id
);

alter table analytics.commission_entry add projection if not exists distributor_state (
  select distributor_id, state, level, sum(amount_cents), count()
  group by distributor_id, state, level
);

-- Parts that are there already, in the background.
alter table analytics.journal_entry materialize projection day_channel;

alter table analytics.journal_entry materialize projection day_distributor;

alter table analytics.journal_entry materialize projection day_product;

alter table analytics.commission_entry materialize projection distributor_state;
