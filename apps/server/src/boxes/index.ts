export { type BoxHead, type BoxLine, getBoxes, readBoxLines, standingOf } from './box-rows.ts';
export { bringBoxesOver } from './bring-over.ts';
export { createBoxes, type NewBoxes } from './create-boxes.ts';
export { type BoxChange, editBox } from './edit-box.ts';
export { findBox, findBoxOnPicture } from './find-box.ts';
export { leaveUnfitBoxes } from './leave-boxes.ts';
export { type PutOrder, putIntoBox } from './put-into-box.ts';
export { type BoxFilters, listBoxes, readBox, readVolumesOf } from './read-boxes.ts';
export { takeFromBox, type VolumeOf } from './take-from-box.ts';
