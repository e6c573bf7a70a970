//! Whiteboards in the simulation: what is asked, what must come of it, and what readers of the tracks see.

use std::collections::BTreeMap;

use mosaik_proto::room::{BoardId, ParticipantId, unpack};
use serde_json::{Value, json};

use crate::play::World;

/// Shapes by board and name.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Boards {
    all: BTreeMap<String, BTreeMap<String, String>>,
    /// Those whose snapshot comes, how many parts are missing, and what they were before.
    coming: BTreeMap<String, (usize, Option<BTreeMap<String, String>>)>,
}

impl Boards {
    /// A group begins.
    pub(crate) fn begin(&mut self, id: BoardId, object: &[u8]) {
        let object = unpacked(object);
        let parts = object["parts"].as_array().unwrap().len();
        let before = self.all.insert(id.to_string(), BTreeMap::new());
        self.coming.insert(id.to_string(), (parts, before));
        self.settle(id);
    }

    pub(crate) fn follow(&mut self, id: BoardId, object: &[u8]) {
        let object = unpacked(object);
        match object["kind"].as_str().unwrap() {
            "ops" => self.apply(&id.to_string(), &object["ops"]),
            "shapes" => self.take_part(id, &object),
            _ => {}
        }
    }

    fn take_part(&mut self, id: BoardId, object: &Value) {
        let board = self.all.get_mut(&id.to_string()).unwrap();
        for shape in object["shapes"].as_array().unwrap() {
            let author = usize::try_from(shape[0].as_u64().unwrap()).unwrap();
            let id = format!("{}.{}", object["authors"][author].as_str().unwrap(), shape[1]);
            board.insert(id, shape[2].as_str().unwrap().to_owned());
        }
        self.coming.get_mut(&id.to_string()).expect("a part of nothing").0 -= 1;
        self.settle(id);
    }

    /// Whoever read everything learns nothing new from a snapshot, unless the board was emptied.
    fn settle(&mut self, id: BoardId) {
        let id = id.to_string();
        if self.coming[&id].0 > 0 {
            return;
        }
        let (shapes, before) = (&self.all[&id], self.coming.remove(&id).unwrap().1);
        let is_known = before.is_none_or(|before| before == *shapes);
        assert!(shapes.is_empty() || is_known, "{id}");
    }

    /// Somebody took back what they drew where more than those who lead see it.
    pub(crate) fn withdraw(&mut self, author: ParticipantId) {
        let author = author.to_string();
        let shared = self.all.iter_mut().filter(|(id, _)| !id.starts_with("own/"));
        for (_, shapes) in shared {
            shapes.retain(|shape, _| !shape.starts_with(&author));
        }
    }

    pub(crate) fn end(&mut self, id: BoardId) {
        assert!(self.all.remove(&id.to_string()).is_some(), "{id} did not begin");
    }

    /// Something was accepted.
    pub(crate) fn done(&mut self, act: &Value) {
        let board = act["board"].as_str().or_else(|| act["page"].as_str()).unwrap_or_default();
        match act["kind"].as_str().unwrap() {
            "draw" => self.apply(board, &act["ops"]),
            "clear" | "removePage" => drop(self.all.remove(board)),
            _ => {}
        }
    }

    /// Everything that was accepted is on the boards, and nothing else.
    pub(crate) fn check(&self, seen: &Self) {
        let drawn = |boards: &Self| -> BTreeMap<String, BTreeMap<String, String>> {
            let boards = boards.all.iter().filter(|(_, shapes)| !shapes.is_empty());
            boards.map(|(id, shapes)| (id.clone(), shapes.clone())).collect()
        };
        assert_eq!(drawn(self), drawn(seen));
    }

    fn apply(&mut self, board: &str, ops: &Value) {
        let board = self.all.entry(board.to_owned()).or_default();
        for op in ops.as_array().unwrap() {
            let id = op["id"].as_str().unwrap();
            match op["kind"].as_str().unwrap() {
                "put" => drop(board.insert(id.to_owned(), op["shape"].as_str().unwrap().into())),
                "remove" => drop(board.remove(id)),
                "extend" => {
                    let points = op["points"].as_str().unwrap();
                    let stroke = board.get_mut(id).filter(|stroke| op["at"] == stroke.len());
                    if let Some(stroke) = stroke {
                        stroke.push_str(points);
                    }
                }
                other => panic!("unknown op {other}"),
            }
        }
    }
}

fn unpacked(object: &[u8]) -> Value {
    serde_json::from_slice(&unpack(object).unwrap()).unwrap()
}

pub(crate) fn wish(world: &mut World, who: usize) -> Value {
    let me = world.clients[who].id;
    let pages = world.clients[who].view.state["boards"]["pages"].as_array().cloned();
    let pages = pages.unwrap_or_default();
    let page = match pages.len() {
        0 => json!("page/1"),
        count => pages[world.random.below(count)]["id"].clone(),
    };
    let board = if world.random.percent(20) { json!(format!("own/{me}")) } else { page.clone() };
    let act = match world.random.below(22) {
        0 | 1 => json!({ "kind": "addPage" }),
        2 => json!({ "kind": "show", "board": page }),
        3 => json!({ "kind": "clear", "board": board }),
        4 if world.random.percent(40) => json!({ "kind": "removePage", "page": page }),
        5 => json!({ "kind": "setOwn", "open": world.random.percent(70) }),
        6 => json!({ "kind": "point", "board": board, "at": [1, 2] }),
        7 | 8 => json!({ "kind": "showGroup", "shown": world.random.percent(70) }),
        _ => {
            let count = 1 + world.random.below(4);
            let ops: Vec<Value> = (0..count).map(|_| op(world, who)).collect();
            json!({ "kind": "draw", "board": board, "ops": ops })
        }
    };
    json!({ "kind": "board", "act": act })
}

/// Mostly about shapes of one's own, of which there are few: they are changed often.
fn op(world: &mut World, who: usize) -> Value {
    let by = if world.random.percent(90) { who } else { world.random.below(world.clients.len()) };
    let id = format!("{}.{}", world.clients[by].id, world.random.below(4));
    match world.random.below(6) {
        0..3 => json!({ "kind": "put", "id": id, "shape": "p00CCEE" }),
        3 | 4 => json!({ "kind": "extend", "id": id, "at": 7, "points": "GG" }),
        _ => json!({ "kind": "remove", "id": id }),
    }
}
