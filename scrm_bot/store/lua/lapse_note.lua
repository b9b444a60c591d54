-- Note since when Redis may have forgotten something of a shard, so that nobody has to wait who comes long after.
-- Needs due.lua
-- Needs lapse.lua
-- KEYS     1 history of the shard
-- Returns  1

lapse_left(KEYS[1], 0)
return 1
