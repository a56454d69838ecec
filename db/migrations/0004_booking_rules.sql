create extension if not exists btree_gist;
--> statement-breakpoint
-- The last net under the provider's lock: confirmed bookings of one provider share no moment. Buffers are the verb's.
alter table bookings add constraint bookings_no_overlap
  exclude using gist (user_id with =, tstzrange(starts_at, ends_at) with &&) where (status = 'confirmed');
--> statement-breakpoint
-- An event of ours that its owner moved blocks where it is now, whether or not its calendar is checked, until
-- somebody decides. Everything else as before.
create or replace view unavailabilities as
  select
    e.id, e.user_id, e.starts_at, e.ends_at, e.start_date is not null as all_day, e.start_date, e.end_date,
    'external'::text as source, e.title, k.id as connection_id, c.id as calendar_id,
    e.external_id as external_event_id
  from calendar_sync_events e
  join calendars c on c.id = e.calendar_id
  join calendar_connections k on k.id = c.connection_id
  where (e.displaced or (c.selected and k.import_enabled))
    and k.disconnecting_at is null
    and event_blocks(
      e.kind, e.status, e.show_as, e.response, e.start_date is not null, e.starts_at >= e.ends_at, e.own,
      e.override, c.can_write, k.all_day_events, k.tentative
    )
  union all
  select
    t.id, t.user_id, t.starts_at, t.ends_at, t.all_day, t.start_date, t.end_date,
    'manual'::text, t.title, null::uuid, null::uuid, null::text
  from time_off t;
