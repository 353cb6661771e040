// What the class id of a row in registers is (Aim: lib/loss.wgsl), without branches, both sides of which a software GPU would
// execute. The logit counts for nothing in a row without a distribution.
fn registers_aim(row: u32, own: Own) -> Aim {
  let id = targets[own.first + row];
  let ignored = bitcast<i32>(id) == own.ignore;
  let wrong = (id >= own.classes) & !ignored;
  let place = id - own.begin;
  let inside = place < COLUMNS;
  let bits = row_load_one(registers_at(row, own) + select(0u, place, inside));
  return Aim(id, ignored, wrong, inside & !ignored & (bits != 0xff800000u), bitcast<f32>(bits));
}

fn registers_weight(aim: Aim, own: Own) -> f32 {
  return loss_class_weight(min(aim.id, own.classes - 1u));
}
