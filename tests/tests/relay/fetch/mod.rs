//! FETCH: objects of the past, from the relay's log and through to the publisher.

mod ends;
mod joining;
mod standalone;
mod through;

use mosaik_proto::moqt::{
    FetchHead, FetchOk, Gap, GroupId, GroupOrder, Location, ObjectId, Parameters, SubgroupHeader,
};
use mosaik_tests::{Fetched, Pair, Piece};

const ALL: (Location, Location) = (Location::START, Location::new(u64::MAX, ObjectId::MAX));

/// What an object of the tests says.
fn payload(group: GroupId, object: ObjectId) -> String {
    format!("object {object} of group {group}")
}

/// Publishes a group whose end is said, and waits until the relay has all of it.
async fn whole_group(pair: &mut Pair, group: GroupId, objects: u64) -> anyhow::Result<()> {
    let header = SubgroupHeader { end_of_group: true, ..pair.track.header(group, 0) };
    let mut writer = pair.track.subgroup(&header).await?;
    for object in 0..objects {
        writer.object(object, payload(group, object).as_bytes()).await?;
    }
    writer.finish()?;
    let mut reader = pair.subscription.subgroup().await?;
    for _ in 0..objects {
        reader.object().await?;
    }
    assert_eq!(reader.next().await?, Piece::End);
    Ok(())
}

fn descending() -> Parameters {
    Parameters { group_order: Some(GroupOrder::Descending), ..Parameters::default() }
}

/// What came, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Object(GroupId, ObjectId),
    Unknown(GroupId, ObjectId),
    Absent(GroupId, ObjectId),
    End,
    Reset(Option<u32>),
}

/// What came, in short; every object says what it should.
fn told(all: &[Fetched]) -> Vec<Told> {
    let short = |fetched: &Fetched| match fetched {
        Fetched::Object(FetchHead { location: Location { group, object }, .. }, bytes) => {
            assert_eq!(*bytes, payload(*group, *object));
            Told::Object(*group, *object)
        }
        Fetched::Gap(Gap::Unknown, last) => Told::Unknown(last.group, last.object),
        Fetched::Gap(Gap::NonExistent, last) => Told::Absent(last.group, last.object),
        Fetched::End => Told::End,
        Fetched::Reset(code) => Told::Reset(*code),
    };
    all.iter().map(short).collect()
}

/// The objects of these groups, each with this many.
fn objects(groups: &[GroupId], each: u64) -> Vec<Told> {
    let of = |group: &GroupId| {
        let group = *group;
        (0..each).map(move |object| Told::Object(group, object))
    };
    groups.iter().flat_map(of).collect()
}

fn last(ok: &FetchOk) -> (GroupId, ObjectId) {
    (ok.last.group, ok.last.object)
}
