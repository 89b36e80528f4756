//! Metrics: the same counts as the statistics, in a form Prometheus accepts.

use std::io::Write;
use std::process::{Command, Stdio};

use super::support::TestApp;

#[actix_web::test]
async fn gauges_follow_the_ledger_and_labels_are_a_closed_set() {
    for app in TestApp::each("2025-03-31") {
        let file = "external_id,child_ref,discipline,received_on\nR-1,KID-1,physiotherapy,2025-03-20\nR-2,KID-2,physiotherapy,2024-01-06\n";
        app.csv("/v1/imports?type=referrals&authority=301", file).await;
        app.csv(
            "/v1/imports?type=ehc-requests&authority=301",
            "external_id,child_ref,received_on\nE-1,KID-1,2024-01-06\n",
        )
        .await;
        app.get("/made/up/path").await;
        let text = app.get("/metrics").await.text;
        for line in [
            "twentyweeks_referrals_waiting{authority=\"301\",band=\"1-2 weeks\",discipline=\"physiotherapy\"} 1",
            "twentyweeks_referrals_waiting{authority=\"301\",band=\"over 52 weeks\",discipline=\"physiotherapy\"} 1",
            "twentyweeks_referrals_waiting{authority=\"301\",band=\"over 52 weeks\",discipline=\"occupational_therapy\"} 0",
            "twentyweeks_ehc_cases_overdue{authority=\"301\"} 1",
            "twentyweeks_referrals_received{authority=\"301\",discipline=\"physiotherapy\"} 2",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(text.contains("route=\"unmatched\"") && !text.contains("made/up"), "a path never becomes a label");
        app.csv("/v1/imports?type=referrals&authority=301", "external_id,first_contact_on\nR-2,2025-01-01\n").await;
        let text = app.get("/metrics").await.text;
        assert!(text.contains(
            "twentyweeks_referrals_waiting{authority=\"301\",band=\"over 52 weeks\",discipline=\"physiotherapy\"} 0"
        ));
        promtool_accepts(&text);
    }
}

/// Asks promtool where it is installed; without it the test has checked the rest.
fn promtool_accepts(text: &str) {
    let Ok(mut child) =
        Command::new("promtool").args(["check", "metrics"]).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn()
    else {
        return;
    };
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
