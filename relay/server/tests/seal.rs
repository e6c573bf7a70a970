//! Who has given up files and programs does not get them back.

use std::fs;
use std::io::ErrorKind;
use std::process::Command;
use std::thread;

use mosaik_server::seal::{Sealed, seal};

#[test]
fn a_sealed_thread_writes_no_file_starts_no_program_and_reads_on() {
    let directory = std::env::temp_dir().join(format!("mosaik-seal-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    let before = directory.join("before");
    fs::write(&before, "there").unwrap();
    let (path, of) = (directory.clone(), before.clone());
    let sealed = thread::spawn(move || {
        let sealed = seal().unwrap();
        let refused = [
            fs::write(path.join("new"), "").map_err(|error| error.kind()),
            fs::write(&of, "other").map_err(|error| error.kind()),
            fs::remove_file(&of).map_err(|error| error.kind()),
            fs::create_dir(path.join("folder")).map_err(|error| error.kind()),
            Command::new("/bin/true").status().map(drop).map_err(|error| error.kind()),
        ];
        // A thread that is started later has no more.
        let later = thread::spawn(move || fs::write(path.join("later"), "").is_err());
        (sealed, refused, later.join().unwrap(), fs::read_to_string(&of).unwrap())
    });
    let (sealed, refused, is_kept_from_later, read) = sealed.join().unwrap();
    assert_eq!(sealed, Sealed::Whole, "this kernel has no Landlock, with which nothing is shown");
    assert_eq!(refused, [Err(ErrorKind::PermissionDenied); 5]);
    assert!(is_kept_from_later);
    assert_eq!(read, "there");
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 1);
    // The others of this process have what they had, or all of this would show nothing.
    fs::write(&before, "other").unwrap();
    assert!(Command::new("/bin/true").status().unwrap().success());
    fs::remove_dir_all(&directory).unwrap();
}
