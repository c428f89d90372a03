-- The review queue: materials that were proposed, the least sure first. The number tells how well something was read, nothing of what.
alter table material add column least01 real;
update material set least01 = least(coalesce(class_confidence01, 1), coalesce(title_confidence01, 1), coalesce(date_confidence01, 1)) where state = 'proposed';
create index material_to_review on material (least01, id) where state = 'proposed';
