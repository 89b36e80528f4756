//! One connection that is kept alive, as a dashboard or a scraper keeps it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A connection to the service.
pub struct Wire {
    stream: BufReader<TcpStream>,
    host: String,
}

impl Wire {
    pub fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the service listens");
        stream.set_nodelay(true).expect("a TCP connection");
        Self { stream: BufReader::with_capacity(1 << 16, stream), host: address.to_owned() }
    }

    /// The body of the answer.
    pub fn get(&mut self, path: &str) -> Vec<u8> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host);
        self.stream.get_mut().write_all(request.as_bytes()).expect("the service takes the request");
        let (mut status, mut length) = (String::new(), 0);
        self.stream.read_line(&mut status).expect("the service answers");
        assert_eq!(status.trim_end(), "HTTP/1.1 200 OK", "{path}");
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).expect("a header");
            match line.trim_end().split_once(": ") {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.parse().expect("a number");
                }
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("the whole body");
        body
    }
}
