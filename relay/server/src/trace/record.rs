//! The records of a trace as they are told: what is known of, in the units that qlog has
//! (draft-ietf-quic-qlog-main-schema-02, draft-ietf-quic-qlog-quic-events-01).

use std::time::Duration;

use serde_json::{Map, Value, json};

/// What stands before each record (RFC 7464, section 2.2).
const SEPARATOR: u8 = 0x1e;

/// What quinn 0.11 tells, looked through for what says who or where somebody is. A record of another
/// name is left out.
const NAMES: [&str; 4] = [
    "transport:packet_sent",
    "transport:packet_received",
    "recovery:packet_lost",
    "recovery:metrics_updated",
];

/// Times that quinn 0.11 gives in seconds; qlog has milliseconds.
const TIMES: [&str; 4] = ["min_rtt", "smoothed_rtt", "latest_rtt", "rtt_variance"];

/// A record of quinn's with its faults repaired; `None` when it is not known of.
pub(super) fn corrected(record: &[u8]) -> Option<Vec<u8>> {
    let text = record.strip_prefix(&[SEPARATOR]).unwrap_or(record);
    let Ok(Value::Object(mut record)) = serde_json::from_slice(text) else {
        return None;
    };
    if record.contains_key("qlog_version") {
        complete_head(&mut record);
    } else {
        let name = record.get("name").and_then(Value::as_str);
        let name = NAMES.into_iter().find(|known| Some(*known) == name)?;
        correct_event(name, &mut record);
    }
    Some(line(&Value::Object(record)))
}

/// A record of ours: something that happened `since` the beginning.
pub(super) fn message(since: Duration, text: &str) -> Vec<u8> {
    let time = rounded(since.as_secs_f64() * 1e3);
    line(&json!({ "time": time, "name": "generic:message", "data": { "message": text } }))
}

/// quinn does not say which end it is, nor what its times count from.
fn complete_head(head: &mut Map<String, Value>) {
    if let Some(trace) = head.get_mut("trace").and_then(Value::as_object_mut) {
        trace.insert("vantage_point".to_owned(), json!({ "name": "mosaik", "type": "server" }));
        let common = json!({
            "protocol_type": ["QUIC"], "time_format": "relative", "reference_time": 0.0
        });
        trace.insert("common_fields".to_owned(), common);
    }
}

fn correct_event(name: &str, event: &mut Map<String, Value>) {
    // The peer's connection ID. A trace has one connection, and the ID would lead from it to an
    // address in a recording of the network.
    event.remove("group_id");
    let Some(data) = event.get_mut("data").and_then(Value::as_object_mut) else {
        return;
    };
    // quinn 0.11 says of every loss that packets overtook it, of those found by time too.
    if name == "recovery:packet_lost" {
        data.remove("trigger");
    }
    // No threshold yet, which qlog says by saying nothing.
    if data.get("ssthresh").and_then(Value::as_u64) == Some(u64::MAX) {
        data.remove("ssthresh");
    }
    for time in TIMES {
        if let Some(time) = data.get_mut(time)
            && let Some(seconds) = time.as_f64()
        {
            *time = json!(rounded(seconds * 1e3));
        }
    }
}

/// Milliseconds to the microsecond: what is behind comes of single precision.
fn rounded(millis: f64) -> f64 {
    (millis * 1e3).round() / 1e3
}

fn line(record: &Value) -> Vec<u8> {
    format!("{}{record}\n", char::from(SEPARATOR)).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(record: &str) -> Option<String> {
        let told = corrected(format!("\u{1e}{record}\n").as_bytes())?;
        Some(String::from_utf8(told).unwrap())
    }

    #[test]
    fn a_line_of_50_ms_is_not_shown_as_one_of_a_twentieth() {
        let metrics = r#"{"time":12.345,"name":"recovery:metrics_updated","data":{"min_rtt":0.050012346,"rtt_variance":0.0005,"congestion_window":12000},"group_id":"f00d"}"#;
        assert_eq!(
            told(metrics).unwrap(),
            "\u{1e}{\"time\":12.345,\"name\":\"recovery:metrics_updated\",\"data\":{\
             \"min_rtt\":50.012,\"rtt_variance\":0.5,\"congestion_window\":12000}}\n"
        );
    }

    #[test]
    fn a_window_without_threshold_is_not_drawn_below_one_of_two_to_the_64() {
        let metrics = |threshold: u64| {
            let data = json!({ "ssthresh": threshold });
            told(&json!({ "name": "recovery:metrics_updated", "data": data }).to_string()).unwrap()
        };
        assert!(!metrics(u64::MAX).contains("ssthresh"));
        assert!(metrics(12_000).contains("\"ssthresh\":12000"));
    }

    #[test]
    fn a_loss_is_told_without_the_cause_that_is_always_the_same() {
        let lost = r#"{"time":1.0,"name":"recovery:packet_lost","data":{"header":{"packet_type":"1RTT","packet_number":7},"trigger":"reordering_threshold"}}"#;
        let told = told(lost).unwrap();
        assert!(told.contains("\"packet_number\":7") && !told.contains("trigger"), "{told}");
    }

    #[test]
    fn what_was_not_looked_through_for_persons_is_not_told() {
        let started = r#"{"time":0.0,"name":"connectivity:connection_started","data":{"src_ip":"192.0.2.7"}}"#;
        for record in [started, r#"{"time":0.0}"#, "{", "[]", ""] {
            assert_eq!(told(record), None, "{record}");
        }
    }

    #[test]
    fn the_head_says_which_end_it_is() {
        let head = r#"{"qlog_version":"0.3","trace":{"vantage_point":{"type":"unknown"}}}"#;
        let told = told(head).unwrap();
        assert!(told.contains(r#""type":"server""#) && !told.contains("unknown"), "{told}");
        assert!(told.contains(r#""time_format":"relative""#), "{told}");
    }
}
