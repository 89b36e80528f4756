//! Metrics: the same counts as the statistics, in a form Prometheus accepts.

use std::io::Write;
use std::process::{Command, Stdio};

use super::support::TestApp;

#[actix_web::test]
async fn gauges_follow_the_ledger_and_labels_are_a_closed_set() {
    for app in TestApp::each("2025-03-31") {
        // Twelve wait a week or two, nine for over a year, three for a month.
        let waits = [(12, "2025-03-20", "A"), (9, "2024-01-06", "B"), (3, "2025-02-20", "C")];
        let rows = waits.iter().flat_map(|(count, received, name)| {
            (0..*count).map(move |child| format!("{name}-{child},K-{name}-{child},physiotherapy,{received}\n"))
        });
        let file: String =
            ["external_id,child_ref,discipline,received_on\n".to_owned()].into_iter().chain(rows).collect();
        app.csv("/v1/imports?type=referrals&authority=301", file).await;
        let late = (0..13).map(|case| format!("E-{case},L-{case},2024-01-06\n"));
        let open = (0..10).map(|case| format!("O-{case},O-{case},2025-03-01\n"));
        let header = "external_id,child_ref,received_on\n".to_owned();
        let file: String = [header].into_iter().chain(late).chain(open).collect();
        app.csv("/v1/imports?type=ehc-requests&authority=301", file).await;
        app.get("/made/up/path").await;
        let text = app.get("/metrics").await.text;
        for line in [
            "twentyweeks_referrals_waiting{authority=\"301\",band=\"1-2 weeks\",discipline=\"physiotherapy\"} 10",
            "twentyweeks_referrals_waiting{authority=\"301\",band=\"over 52 weeks\",discipline=\"physiotherapy\"} 10",
            "twentyweeks_referrals_waiting{authority=\"301\",band=\"over 52 weeks\",discipline=\"occupational_therapy\"} 0",
            "twentyweeks_ehc_cases_overdue{authority=\"301\"} 15",
            "twentyweeks_referrals_received{authority=\"301\",discipline=\"physiotherapy\"} 25",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(!text.contains("band=\"4-12 weeks\",discipline=\"physiotherapy\""), "three children have no series");
        assert!(text.contains("route=\"unmatched\"") && !text.contains("made/up"), "a path never becomes a label");
        let seen = (0..9).map(|child| format!("B-{child},2025-01-01\n"));
        let file: String = ["external_id,first_contact_on\n".to_owned()].into_iter().chain(seen).collect();
        app.csv("/v1/imports?type=referrals&authority=301", file).await;
        let text = app.get("/metrics").await.text;
        assert!(text.contains(
            "twentyweeks_referrals_waiting{authority=\"301\",band=\"over 52 weeks\",discipline=\"physiotherapy\"} 0"
        ));
        promtool_accepts(&text);
    }
}

#[actix_web::test]
async fn no_gauge_is_of_one_or_two_workers() {
    let app = TestApp::sqlite("2025-03-31");
    let import = async |noun: &str, file: String| {
        let answer = app.csv(&format!("/v1/imports?type={noun}&authority=301"), file).await;
        assert!(answer.text.contains("\"rejected\":0"), "{}", answer.text);
    };
    let post = |name: &str, discipline: &str| format!("{name},{discipline},6,10,2024-04-01\n");
    let header = "post_ref,discipline,band,funded_wte,starts_on\n";
    let disciplines = ["physiotherapy", "occupational_therapy", "speech_and_language_therapy"];
    let posts: String = ["P-1", "P-2", "P-3"].iter().zip(disciplines).map(|(name, of)| post(name, of)).collect();
    import("posts", format!("{header}{posts}")).await;
    // Six fill 4.5, two of an agency cover; three are absent. Two occupational therapists. Three of an agency, and one of the
    // bank, whom all that is covered less the agency's would tell.
    let holding = |worker: usize| {
        let (post, terms) = match worker {
            0..6 => ("P-1", "permanent"),
            6..8 => ("P-1", "agency"),
            8..10 => ("P-2", "permanent"),
            10..13 => ("P-3", "agency"),
            _ => ("P-3", "bank"),
        };
        format!("H-{worker},{post},W-{worker},0.75,{terms},2024-04-01\n")
    };
    let header = "external_id,post_ref,worker_ref,wte,engagement,starts_on\n";
    import("post-holdings", format!("{header}{}", (0..14).map(holding).collect::<String>())).await;
    let absences = "A-0,W-0,sickness,2025-03-01\nA-1,W-1,sickness,2025-03-01\nA-2,W-2,sickness,2025-03-01\n";
    import("absences", format!("external_id,worker_ref,kind,starts_on\n{absences}")).await;
    let text = app.get("/metrics").await.text;
    let series: Vec<_> = text.lines().filter(|line| line.starts_with("twentyweeks_staff_wte{")).collect();
    let line = |(discipline, state, wte): (&str, &str, i64)| {
        format!("twentyweeks_staff_wte{{authority=\"301\",discipline=\"{discipline}\",state=\"{state}\"}} {wte}")
    };
    let (slt, physio) = (disciplines[2], disciplines[0]);
    let of_slt = [("absent", 0), ("agency", 2), ("trainee", 0), ("filled", 0), ("vacant", 10), ("funded", 10)];
    let of_physio = [("absent", 2), ("trainee", 0), ("filled", 5), ("vacant", 6), ("funded", 10)];
    let wanted = of_slt.iter().map(|(state, wte)| (slt, *state, *wte));
    let wanted = wanted.chain(of_physio.iter().map(|(state, wte)| (physio, *state, *wte)));
    assert_eq!(series, wanted.map(line).collect::<Vec<_>>());
    let referral = |number: usize| {
        let discipline = if number < 40 { "physiotherapy" } else { slt };
        format!("R-{number},KID-{number},{discipline},2025-03-03\n")
    };
    let header = "external_id,child_ref,discipline,received_on\n";
    import("referrals", format!("{header}{}", (0..43).map(referral).collect::<String>())).await;
    let text = app.get("/metrics").await.text;
    let outlook = app.get("/v1/stats/capacity-outlook?authority=301").await.json();
    let of = |discipline: &str, name: &str| {
        let row = outlook["data"].as_array().unwrap().iter().find(|row| row["discipline"] == discipline).unwrap();
        row[name].as_f64().unwrap()
    };
    let found: Vec<_> = text.lines().filter(|line| line.contains("_ratio{") || line.contains("_weeks{")).collect();
    let line = |name: &str, discipline: &str, value: String| {
        format!("twentyweeks_{name}{{authority=\"301\",discipline=\"{discipline}\"}} {value}")
    };
    let load = |discipline: &str| line("capacity_demand_ratio", discipline, format!("{:.2}", of(discipline, "load")));
    let waits = format!("{:.1}", of(physio, "weeks_of_work_waiting"));
    // Three who wait for speech and language therapy are too few to be told of, two occupational therapists too.
    assert_eq!(found, [load(slt), load(physio), line("work_waiting_weeks", physio, waits)]);
    assert!(of(physio, "load") > 0.005 && of(physio, "weeks_of_work_waiting") > 0.05);
    promtool_accepts(&text);
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
