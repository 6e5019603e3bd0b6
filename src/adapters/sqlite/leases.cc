#include "adapters/sqlite/leases.h"

namespace pawl::sqlite {

namespace {

std::uint64_t count_of(Time time) { return static_cast<std::uint64_t>(time.time_since_epoch().count()); }
Time time_of(std::uint64_t count) { return Time(Duration(static_cast<std::int64_t>(count))); }

}  // namespace

Result<Leases::Table> Leases::Table::open(const std::string& path) {
  Table table;
  PAWL_ASSIGN(table.connection, Connection::open(path));
  Connection& c = table.connection;
  PAWL_ASSIGN(table.begin, c.prepare("BEGIN IMMEDIATE"));
  PAWL_ASSIGN(table.commit, c.prepare("COMMIT"));
  PAWL_ASSIGN(table.find, c.prepare("SELECT holder, until FROM leases WHERE name = ?1"));
  PAWL_ASSIGN(table.put,
              c.prepare("INSERT INTO leases (name, holder, until) VALUES (?1, ?2, ?3)"
                        " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until"));
  PAWL_ASSIGN(table.erase, c.prepare("DELETE FROM leases WHERE name = ?1 AND holder = ?2"));
  return table;
}

Result<Leases::Table*> Leases::table() {
  if (!table_) {
    PAWL_ASSIGN(table_, Table::open(database_));
  }
  return &*table_;
}

Result<ports::Lease> Leases::take(const std::string& name, const std::string& holder, Time now, Duration term) {
  std::lock_guard lock(mutex_);
  PAWL_ASSIGN(Table * table, this->table());
  PAWL_TRY(table->begin.run());
  Result<ports::Lease> in_force = take_in(*table, {name, holder, now + term}, now);
  if (!in_force) {
    table->connection.rollback();
    return in_force;
  }
  Status committed = table->commit.run();
  if (committed) return in_force;
  table_.reset();
  return std::move(committed).error();
}

Result<ports::Lease> Leases::take_in(Table& table, const ports::Lease& wanted, Time now) {
  PAWL_ASSIGN(bool taken, table.find.text(1, wanted.name).step());
  if (taken) {
    ports::Lease standing{wanted.name, table.find.bytes_at(0), time_of(table.find.number_at(1))};
    table.find.reset();
    if (standing.holder != wanted.holder && standing.until > now) return standing;
  }
  PAWL_TRY(table.put.text(1, wanted.name).text(2, wanted.holder).number(3, count_of(wanted.until)).run());
  return wanted;
}

Status Leases::release(const std::string& name, const std::string& holder) {
  std::lock_guard lock(mutex_);
  PAWL_ASSIGN(Table * table, this->table());
  return table->erase.text(1, name).text(2, holder).run();
}

}  // namespace pawl::sqlite
