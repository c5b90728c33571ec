//! nginx on the loopback, in the foreground, with one process and every file that it writes in a
//! folder of the test: those of the package belong to root and to a service that may never have
//! started. Needs the Debian package `nginx`, which `scripts/setup test` installs.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Debian keeps it where ordinary users do not look.
const BINARIES: [&str; 2] = ["/usr/sbin/nginx", "/usr/bin/nginx"];
/// Long enough for a busy machine.
const SOON: Duration = Duration::from_secs(20);

/// Stopped when dropped.
pub struct Nginx {
    child: Child,
    pub folder: TempDir,
    pub port: u16,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Nginx {
    /// Starts it with what stands in `http { server { … } }`, before and in the braces of the
    /// server, and with a module by its file; comes back once it listens. `{}` in both stands for
    /// its folder.
    pub fn start(module: Option<&str>, http: &str, server: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let path = folder.path();
        let load = module.map(|file| format!("load_module {file};\n")).unwrap_or_default();
        let inner = format!("{http}\nserver {{ listen 127.0.0.1:{port}; {server} }}");
        let inner = inner.replace("{}", &path.display().to_string());
        let config = format!("{load}{}\nhttp {{ {}\n{inner} }}\n", main_part(path), temporary(path));
        fs::write(path.join("nginx.conf"), config).expect("the folder is writable");
        let mut nginx = Self { child: run(path), folder, port };
        nginx.wait_until_it_listens();
        nginx
    }

    /// What it wrote into a file of its folder.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }

    fn wait_until_it_listens(&mut self) {
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.child.try_wait().expect("a child can be asked");
            if ended.is_some() || start.elapsed() > SOON {
                panic!("nginx does not listen ({ended:?}): {}", self.read("error.log"));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn main_part(path: &Path) -> String {
    let path = path.display();
    format!(
        "daemon off; master_process off; worker_processes 1; pid {path}/nginx.pid; lock_file {path}/lock;\n\
         error_log {path}/error.log warn;\nevents {{ worker_connections 64; }}"
    )
}

/// Folders of its own for what it holds back on the disk.
fn temporary(path: &Path) -> String {
    let path = path.display();
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    kinds.map(|kind| format!("{kind}_temp_path {path}/{kind}; ")).concat()
}

fn run(folder: &Path) -> Child {
    let binary = BINARIES.iter().find(|path| Path::new(path).exists());
    let mut command = Command::new(binary.expect("nginx is not installed; run `scripts/setup test`"));
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf"));
    command.arg("-e").arg(folder.join("error.log"));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("nginx starts")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
    listener.local_addr().expect("it is bound").port()
}
